import { parseHTML } from 'linkedom'

/** Plot draws into a document; a page has one, Node has not. */
export const { document } = parseHTML('<html></html>')

/** What is used of a plot; the types of a browser are not loaded here. */
export interface Drawing {
  getAttribute(name: string): string | null
  setAttribute(name: string, value: string): void
  readonly outerHTML: string
}

/** Colours of a figure on a light and on a dark page; the README's reader has one or the other. */
const palettes = {
  light: {
    paper: '#ffffff',
    ink: '#1f2328',
    faint: '#59636e',
    ours: '#0969da',
    peer: '#afb8c1',
    third: '#2da44e',
    limit: '#cf222e',
  },
  dark: {
    paper: '#0d1117',
    ink: '#e6edf3',
    faint: '#9198a1',
    ours: '#4493f8',
    peer: '#57606a',
    third: '#3fb950',
    limit: '#ff7b72',
  },
}

/** Refers to a colour of the palettes. */
export function color(name: keyof typeof palettes.light): string {
  return `var(--${name})`
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
svg { ${variables('light')} color: var(--ink); font: 13px -apple-system, "Segoe UI", Helvetica, Arial, sans-serif }
@media (prefers-color-scheme: dark) { svg { ${variables('dark')} } }
</style>
<rect width="${width}" height="${height}" rx="6" fill="var(--paper)"/>
${placed.join('\n')}
<text x="${margin}" y="${height - margin}" font-size="12" fill="var(--faint)">${caption}</text>
</svg>
`
}

function variables(scheme: keyof typeof palettes): string {
  return Object.entries(palettes[scheme])
    .map(([name, value]) => `--${name}: ${value};`)
    .join(' ')
}
