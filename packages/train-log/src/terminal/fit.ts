export interface Field {
  text: string
  /** The field of the lowest rank goes first when the line is too narrow. */
  rank: number
}

/** Joins as many fields, in their order, as `width` columns take. */
export function fit(fields: readonly Field[], width: number, gap = '  '): string {
  const kept = fields.filter(({ text }) => text !== '')
  const line = () => kept.map(({ text }) => text).join(gap)
  while (kept.length > 1 && line().length > width) {
    const lowest = kept.reduce((least, field) => (field.rank < least.rank ? field : least))
    kept.splice(kept.indexOf(lowest), 1)
  }
  return line().slice(0, Math.max(width, 0))
}

/** Draws a bar of `width` columns, `share` of it full. These two blocks are in every console font, Windows included. */
export function bar(share: number, width: number): string {
  const full = Math.round(Math.min(Math.max(share, 0), 1) * width)
  return '█'.repeat(full) + '░'.repeat(width - full)
}
