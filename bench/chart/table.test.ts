import { expect, test } from 'vitest'
import { table } from './table'

test('table(head, rows) pads its columns, text to the left and numbers to the right', () => {
  expect(
    table(
      ['', 'images/s'],
      [
        ['PyTorch', '8.4'],
        ['×', '10.25'],
      ],
    ),
  ).toBe(
    ['|         | images/s |', '| ------- | -------: |', '| PyTorch |      8.4 |', '| ×       |    10.25 |'].join('\n'),
  )
})
