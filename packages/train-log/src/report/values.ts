/** A field by its path, such as `model.depth`, and what it holds. */
export type Field = readonly [path: string, value: unknown]

/** { a: { b: 1 } } → a.b, 1. Lists are values; what is undefined is left out. */
export function flattened(values: Readonly<Record<string, unknown>>, prefix = ''): Field[] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (value === undefined) return []
    if (isGroup(value)) return flattened(value, `${prefix}${key}.`)
    return [[prefix + key, value] as const]
  })
}

export function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** As people write it: 4/3, 0.0001, 65,536; lists with commas, and a dash where there is nothing. */
export function valueText(value: unknown): string {
  if (typeof value === 'number') return numberText(value)
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(valueText).join(', ')
  if (value === null || value === undefined) return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function numberText(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < 10_000 ? String(value) : value.toLocaleString('en')
  if (Number(value.toPrecision(6)) === value) return String(value)
  const denominator = [3, 6, 7, 9].find((q) => Math.round(value * q) / q === value)
  return denominator ? `${Math.round(value * denominator)}/${denominator}` : String(Number(value.toPrecision(4)))
}

/** data.imagesPerEpoch → data images per epoch. */
export function words(path: string): string {
  return path.replaceAll('.', ' ').replaceAll(/([a-z])([A-Z])/g, (_, end, start) => `${end} ${start.toLowerCase()}`)
}
