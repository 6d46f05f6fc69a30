import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

export interface Uplot {
  version: string
  style: string
  /** With its licence, which has to stay with every copy. */
  script: string
}

/** Reads the plotting library out of its package, to put it into the page. */
export function uplot(): Uplot {
  // Modules have the one name; in the CommonJS build it is undefined, and there is the other.
  const { resolve } = createRequire(import.meta.url ?? __filename)
  const read = (path: string) => readFileSync(resolve(`uplot/${path}`), 'utf8').trim()
  return {
    version: JSON.parse(read('package.json')).version,
    style: read('dist/uPlot.min.css'),
    script: `/*\n${read('LICENSE')}\n*/\n${read('dist/uPlot.iife.min.js')}`,
  }
}
