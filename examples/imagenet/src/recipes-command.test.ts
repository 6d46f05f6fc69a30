import { expect, test } from 'vitest'
import { runCli } from './testing/run-cli'

// The paper's sections 2.1 and 5, the latter in this project's half precision: 0.1 · 1024/256 = 0.4.
test('pnpm imagenet recipes prints a table, a field a line under the name that --set takes', async () => {
  const { code, stdout, stderr } = await runCli(['recipes'])
  expect(code, stderr).toBe(0)
  const cells = stdout
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  const column = (name: string) => {
    const index = cells[0]!.indexOf(name)
    return Object.fromEntries(cells.map((line) => [line[1], line[index]]))
  }
  expect(column('refined')).toMatchObject({
    ...{ 'model.depth': '50', 'model.variant': 'D', 'images.size': '224', batch: '1024', epochs: '200', steps: '–' },
    ...{ 'rate.warmup': '5', 'rate.schedule': 'cosine', 'rate.milestones': '–', 'peak learning rate': '0.4' },
    ...{ 'model.zeroGamma': 'true', 'decay.biases': 'false', 'label.epsilon': '0.1', 'mixup.alpha': '0.2' },
    ...{ 'distillation.temperature': '20', 'lossScale.initial': '65536', 'images.ratio': '1.333' },
  })
  expect(column('baseline')).toMatchObject({
    ...{ 'model.variant': 'A', batch: '256', epochs: '120', precision: 'float32', momentum: '0.9' },
    ...{ 'rate.warmup': '0', 'rate.schedule': 'step', 'rate.milestones': '30 60 90', 'peak learning rate': '0.1' },
    ...{ 'model.zeroGamma': 'false', 'decay.rate': '0.0001', 'decay.biases': 'true', 'mixup.alpha': '0' },
  })
})
