import { lastLine, run } from './command'
import type { TfjsPackage } from './project'

export type Trial = { ok: true; tensorflow: string } | { ok: false; reason: string }

const script = `
const util = require('util')
util.isNullOrUndefined ??= (value) => value == null
const tf = require(process.argv[1])
const x = tf.tensor2d([[1, 2], [3, 4]])
process.stdout.write(tf.backend().binding.TF_Version + ' ' + tf.matMul(x, x).dataSync().join())`

/** Loads the package in a process of its own and multiplies two matrices. */
export async function tryTensorflow({ folder }: TfjsPackage): Promise<Trial> {
  const env = { TF_CPP_MIN_LOG_LEVEL: '2', ...process.env }
  const { ok, output, complaint } = await run(process.execPath, ['-e', script, folder], { env })
  const [tensorflow = '', product] = output.split(' ')
  // [1 2; 3 4]² = [1·1 + 2·3, 1·2 + 2·4; 3·1 + 4·3, 3·2 + 4·4]
  if (ok && product === '7,10,15,22') return { ok, tensorflow }
  const reason = /^(?:\w*Error|Error): (.*)$/m.exec(complaint)?.[1] ?? lastLine(complaint)
  return { ok: false, reason: reason || `it printed ${JSON.stringify(output)}` }
}
