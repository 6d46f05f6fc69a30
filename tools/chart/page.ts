import { parseHTML } from 'linkedom'
import { paletteVariables } from './palette'

/** Plot draws into a document; a page has one, Node has not. */
export const { document } = parseHTML('<html></html>')

/** What is used of a plot; the types of a browser are not loaded here. */
export interface Drawing {
  getAttribute(name: string): string | null
  setAttribute(name: string, value: string): void
  readonly outerHTML: string
}

/**
 * Puts plots below one another into one SVG, on a card that follows the reader's light or dark scheme.
 *
 * @param title What a screen reader says of the whole.
 * @param caption One line below the plots.
 */
export function page(title: string, plots: readonly Drawing[], caption: string): string {
  const margin = 16
  let y = margin
  const placed = plots.map((plot) => {
    plot.setAttribute('x', String(margin))
    plot.setAttribute('y', String(y))
    y += Number(plot.getAttribute('height'))
    return plot.outerHTML
  })
  const width = Math.max(...plots.map((plot) => Number(plot.getAttribute('width')))) + 2 * margin
  const height = y + 2 * margin
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
<style>
svg { ${paletteVariables('light')} color: var(--ink); font: 13px -apple-system, "Segoe UI", Helvetica, Arial, sans-serif }
@media (prefers-color-scheme: dark) { svg { ${paletteVariables('dark')} } }
</style>
<rect width="${width}" height="${height}" rx="6" fill="var(--paper)"/>
${placed.join('\n')}
<text x="${margin}" y="${height - margin}" font-size="12" fill="var(--faint)">${caption}</text>
</svg>
`
}
