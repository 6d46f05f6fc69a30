/** Writes rows as RFC 4180 has it: lines end in CR LF; a field with a comma, a quote or a line break stands in quotes, its quotes doubled. */
export function renderCsv(rows: readonly (readonly (string | number | undefined)[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('')
}

function field(value: string | number | undefined): string {
  const text = String(value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
