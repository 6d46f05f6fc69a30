import { expect, test } from 'vitest'
import { runCli } from './testing/run-cli'

// The paper's section 5, in this project's half precision: 0.1 · 1024/256 = 0.4.
test('pnpm imagenet recipes prints a table', async () => {
  const { code, stdout, stderr } = await runCli(['recipes'])
  expect(code, stderr).toBe(0)
  const cells = stdout
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  const refined = cells.find(([, name]) => name === 'refined')!
  expect(Object.fromEntries(cells[0]!.map((head, i) => [head, refined[i]]))).toMatchObject({
    ...{ network: 'ResNet-50-D', pixels: '224', batch: '1024', length: '200 epochs', 'peak rate': '0.4' },
    ...{ 'warmup, epochs': '5', schedule: 'cosine', 'zero γ': 'yes', smoothing: '0.1', mixup: '0.2' },
  })
})
