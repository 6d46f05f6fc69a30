/** Writes a Markdown table, its columns padded as a formatter would; the first column is text, the others are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(3, ...[title, ...rows.map((row) => row[column]!)].map(lengthOf)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => pad(cell, widths[i]!, i)).join(' | ')} |`
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

function pad(cell: string, width: number, column: number): string {
  const gap = ' '.repeat(width - lengthOf(cell))
  return column === 0 ? cell + gap : gap + cell
}

/** In characters as people count them. */
function lengthOf(text: string): number {
  return [...text].length
}
