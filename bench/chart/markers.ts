/**
 * Replaces what stands between `<!-- name -->` and `<!-- /name -->`.
 *
 * A page without the two is an error: a table must not be lost silently.
 */
export function replaceBetween(text: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const start = text.indexOf(open)
  const end = text.indexOf(close, start)
  if (start < 0 || end < 0) throw new Error(`the page has no ${open} … ${close}`)
  return `${text.slice(0, start + open.length)}\n\n${content.trim()}\n\n${text.slice(end)}`
}
