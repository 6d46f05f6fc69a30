import { expect, test } from 'vitest'
import { renderBars } from './bars'

const guesses = [
  { class: 'tiger cat', probability: 0.75 },
  { class: 'lynx', probability: 0.2 },
]

test('renderBars(guesses, 80) shows names, percentages and bars of at most 30 columns', () => {
  // 0.75 · 30 = 22.5 and 0.2 · 30 = 6
  expect(renderBars(guesses, 80)).toEqual([
    `  tiger cat  75.0 % ${'█'.repeat(23)}`,
    `  lynx       20.0 % ${'█'.repeat(6)}`,
  ])
  expect(renderBars([{ class: 'a', probability: 1 }], 80)).toEqual([`  a 100.0 % ${'█'.repeat(30)}`])
})

test('renderBars(guesses, width) fits any terminal: shorter bars, none, then shorter names', () => {
  for (let width = 14; width < 60; width++) {
    for (const line of renderBars(guesses, width)) expect(line.length).toBeLessThanOrEqual(width)
  }
  expect(renderBars(guesses, 30)[0]).toBe(`  tiger cat  75.0 % ${'█'.repeat(8)}`)
  expect(renderBars(guesses, 20)).toEqual(['  tiger cat  75.0 %', '  lynx       20.0 %'])
  expect(renderBars(guesses, 16)).toEqual(['  tige…  75.0 %', '  lynx   20.0 %'])
})
