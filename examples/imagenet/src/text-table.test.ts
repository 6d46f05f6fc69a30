import { expect, test } from 'vitest'
import { textTable } from './text-table'

test('textTable(head, rows) pads its columns, text to the left and numbers to the right', () => {
  expect(
    textTable(
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
