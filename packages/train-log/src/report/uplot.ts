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
  // CommonJS has the one name, modules have the other.
  const { resolve } = createRequire(typeof __filename === 'string' ? __filename : import.meta.url)
  const read = (path: string) => readFileSync(resolve(`uplot/${path}`), 'utf8').trim()
  return {
    version: JSON.parse(read('package.json')).version,
    style: read('dist/uPlot.min.css'),
    script: `/*\n${read('LICENSE')}\n*/\n${read('dist/uPlot.iife.min.js')}`,
  }
}
