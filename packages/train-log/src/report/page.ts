import { createHash } from 'node:crypto'
import { type Content, Html, html } from './html'
import { STYLE } from './style'
import { uplot } from './uplot'

/** Puts sections into a page with its style, the plotting library and the scripts that draw with it. */
export function page(title: string, sections: readonly Content[], own: readonly string[]): Html {
  const library = uplot()
  const scripts = [library.script, ...own]
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(library.style)}${new Html(STYLE)}</style>
</head>
<body>
<main>
${sections.filter((section) => section !== undefined).map((section) => html`${section}\n`)}</main>
<footer>Curves by <a href="https://github.com/leeoniya/uPlot">uPlot</a> ${library.version}, © Leon Sorokin, MIT licence.</footer>
${scripts.map((script) => html`<script>${new Html(script)}</script>\n`)}</body>
</html>
`
}

/** Nothing from outside, and of scripts only these, to the letter. */
function policy(scripts: readonly string[]): string {
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`)
  return `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src ${hashes.join(' ')}`
}
