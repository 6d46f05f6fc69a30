import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { NetworkCard } from './network-card'
import { pageHtml } from './page-html'

const template = readFileSync(new URL('../../page/index.html', import.meta.url), 'utf8')

const card: NetworkCard = {
  title: 'ResNet-50-D on <i>fruit</i> & $1',
  classes: ['apple', 'pear'],
  input: { size: 224, resize: 256, layout: 'NHWC', mean: [0, 0, 0], std: [1, 1, 1] },
  output: 'logits',
  draw: false,
}

const html = (changes: Partial<NetworkCard> = {}) => pageHtml(template, { ...card, ...changes })

test('pageHtml(template, card) shows the title as text, and how good the network is where that is known', () => {
  expect(html()).toContain('<h1>ResNet-50-D on &#60;i&#62;fruit&#60;/i&#62; &#38; $1</h1>')
  expect(html()).toContain('<p>This network tells 2 classes apart.</p>')
  expect(html({ top1: 0.912 })).toContain('apart and gets 91.2 % of the held-back pictures right.</p>')
})

test('pageHtml(template, card) has a place to draw where the card says so, and only there', () => {
  expect(html({ draw: true })).toContain('<canvas id="pad"')
  expect(html()).not.toMatch(/id="pad"|id="clear"|Draw|{{/)
  expect(html({ draw: true })).not.toContain('{{')
})
