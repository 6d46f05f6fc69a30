import type { NetworkCard } from './network-card'

/** Fills in the page's template for one network. */
export function pageHtml(template: string, card: NetworkCard): string {
  return fill(template, { title: card.title, about: about(card), draw: card.draw })
}

/** Puts text in the place of `{{name}}`; `true` keeps what is between `{{#name}}` and `{{/name}}`, `false` takes it out. */
function fill(template: string, values: Record<string, string | boolean>): string {
  return Object.entries(values).reduce((html, [name, value]) => {
    if (typeof value === 'string') return html.replaceAll(`{{${name}}}`, () => escaped(value))
    return html.replaceAll(new RegExp(`{{#${name}}}(.*?){{/${name}}}`, 'gs'), value ? '$1' : '')
  }, template)
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

function about({ classes, top1 }: NetworkCard): string {
  const measured = top1 === undefined ? '' : ` and gets ${(100 * top1).toFixed(1)} % of the held-back pictures right`
  return `This network tells ${classes.length} classes apart${measured}.`
}
