export interface Field {
  text: string
  /** Where the line is too narrow for all, those of higher rank are kept. */
  rank: number
  /** Columns it takes at least, so that what is behind it stays where it is. @default none */
  room?: number
  /** Draws it anew in the columns that nothing else takes. */
  widen?: (columns: number) => string
}

/** Joins, in their order, those fields that `width` columns take, the first of them in any case. */
export function fit(fields: readonly Field[], width: number, gap = '  '): string {
  const kept = new Set<Field>()
  let spare = width + gap.length
  for (const field of fields.filter(({ text }) => text !== '').sort((a, b) => b.rank - a.rank)) {
    const columns = gap.length + Math.max(field.text.length, field.room ?? 0)
    if (columns > spare && kept.size > 0) continue
    kept.add(field)
    spare -= columns
  }
  const texts = fields
    .filter((field) => kept.has(field))
    .map(({ text, room = 0, widen }) => widen?.(text.length + Math.max(spare, 0)) ?? text.padEnd(room))
  return texts.join(gap).trimEnd().slice(0, Math.max(width, 0))
}

/** Draws a bar of `width` columns, `share` of it full. These two blocks are in every console font, Windows included. */
export function bar(share: number, width: number): string {
  const full = Math.round(Math.min(Math.max(share, 0), 1) * width)
  return '█'.repeat(full) + '░'.repeat(width - full)
}
