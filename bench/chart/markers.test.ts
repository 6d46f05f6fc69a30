import { expect, test } from 'vitest'
import { replaceBetween } from './markers'

const page = '# Page\n\n<!-- results -->\nold\n<!-- /results -->\n\nrest <!-- time --><!-- /time -->\n'

test('replaceBetween(text, name, content) changes what is between the markers and nothing else', () => {
  expect(replaceBetween(page, 'results', 'new')).toBe(page.replace('\nold\n', '\n\nnew\n\n'))
  expect(replaceBetween(page, 'time', 'new')).toBe(page.replace('<!-- time -->', '<!-- time -->\n\nnew\n\n'))
})

test('replaceBetween(text, name, content) twice is once', () => {
  const once = replaceBetween(page, 'results', 'new')
  expect(replaceBetween(once, 'results', 'new')).toBe(once)
})

test('replaceBetween(text, name, content) takes content as it is, dollar signs too', () => {
  expect(replaceBetween(page, 'results', '$& $1')).toContain('\n\n$& $1\n\n')
})

test('replaceBetween(text, name, content) refuses a page without the markers', () => {
  expect(() => replaceBetween('<!-- a -->', 'a', '')).toThrow('the page has no <!-- a --> … <!-- /a -->')
  expect(() => replaceBetween('<!-- /a --><!-- a -->', 'a', '')).toThrow()
})
