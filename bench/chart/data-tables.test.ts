import { expect, test } from 'vitest'
import type { DataReport } from '../data/report'
import { dataTables } from './data-tables'

test('dataTables(report) shows each contender’s rate, spread, share of a core and ratio, and what it was measured on', () => {
  const summary = (imagesPerSecond: number, timesPytorch: number) => ({
    ...{ imagesPerSecond, perCore: imagesPerSecond / 2, timesPytorch, samples: [1, 2, 3] },
    spread: [imagesPerSecond - 9, imagesPerSecond + 9] as [number, number],
  })
  const full = {
    folder: summary(450, 2),
    tar: summary(451, 2.01),
    shards: summary(2500, 11.1),
    pytorch: summary(225, 1),
  }
  const machine = { cores: 2, processor: 'Some CPU', commit: '0123456789', date: '2026-11-25T00:00:00Z' }
  const run = { benchmark: 'data', data: 'imagenet/val', images: 1000, size: 224, resize: 256, batch: 64, workers: 2 }
  const report = {
    ...run,
    seconds: 10,
    results: { full },
    versions: { torch: '2.11' },
    machine,
  } as unknown as DataReport
  const text = dataTables(report)
  expect(text).toContain(
    '| image-dataset, prepared shards          |     2500 |       2491–2509 |   1250 |     11.10 |',
  )
  expect(text).toMatch(/\| PyTorch, ImageFolder +\| +225 \| +216–234 \| +113 \| +\|/)
  expect(text).toContain('1000 pictures of imagenet/val at 224 px, 2 worker processes, 3 samples of at least 10 s each')
  expect(text).toContain('torch 2.11; commit 0123456, 2026-11-25.')
})
