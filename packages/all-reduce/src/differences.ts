/** A value that goes through JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/**
 * Says where the values of the ranks differ: one sentence for each place, with who has what.
 *
 * @example
 * differences('recipe', [{ rate: 0.1 }, { rate: 0.2 }, { rate: 0.1 }])
 * // => ['recipe.rate is 0.1 on ranks 0 and 2, 0.2 on rank 1']
 */
export function differences(name: string, values: readonly Json[]): string[] {
  const leaves = values.map((value) => leavesOf(name, value))
  const paths = new Set(leaves.flatMap((each) => [...each.keys()]))
  return [...paths].flatMap((path) => {
    const ranksOf = new Map<string, number[]>()
    leaves.forEach((each, rank) => {
      const text = each.get(path) ?? 'missing'
      ranksOf.set(text, [...(ranksOf.get(text) ?? []), rank])
    })
    if (ranksOf.size === 1) return []
    return [`${path} is ${[...ranksOf].map(([text, ranks]) => `${text} on ${listRanks(ranks)}`).join(', ')}`]
  })
}

/** The parts of a value that have none themselves, as JSON, by their path. */
function leavesOf(path: string, value: Json | undefined, into = new Map<string, string>()): Map<string, string> {
  const parts = value !== null && typeof value === 'object' ? Object.entries(value) : []
  // A value without a name has nothing to say but its parts.
  if (parts.length === 0 && path !== '') into.set(path, JSON.stringify(value))
  for (const [key, part] of parts) {
    if (part === undefined) continue
    const named = path === '' ? key : `${path}.${key}`
    leavesOf(Array.isArray(value) ? `${path}[${key}]` : named, part, into)
  }
  return into
}

/** `rank 3`, `ranks 0 and 2`, `ranks 0, 1, 2, 3 and 60 more`. */
export function listRanks(ranks: readonly number[]): string {
  if (ranks.length === 1) return `rank ${ranks[0]}`
  const shown = ranks.length > 5 ? [...ranks.slice(0, 4), `${ranks.length - 4} more`] : ranks
  return `ranks ${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}
