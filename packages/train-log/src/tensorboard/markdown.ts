import { flattened } from '../report/values'

/** Gives a table of fields, those of groups by their path. */
export function markdownTable(values: Readonly<Record<string, unknown>>): string {
  const rows = flattened(values).map(([path, value]) => [
    path,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return [['field', 'value'], ['---', '---'], ...rows.map((row) => row.map(literal))]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')
}

/** Gives text as it is: indented lines are a block of code. */
export function markdownCode(text: string): string {
  return text.replaceAll(/^/gm, '    ')
}

function literal(text: string): string {
  return text
    .replaceAll(/[\\`*_[\]|]/g, '\\$&')
    .replaceAll('<', '&lt;')
    .replaceAll(/\s+/g, ' ')
}
