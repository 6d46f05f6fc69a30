/** Gives at most `count` of a list, evenly spaced, whatever they are. */
export function evenly<T>(list: readonly T[], count: number): T[] {
  const stride = Math.max(list.length / count, 1)
  return Array.from({ length: Math.min(count, list.length) }, (_, i) => list[Math.floor(i * stride)]!)
}
