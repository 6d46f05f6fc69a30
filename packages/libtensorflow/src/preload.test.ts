import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { installLibtensorflow } from './index'
import { buildPackage, nodeBinary, packageFolder } from './testing/places'

const preload = ['--require', join(buildPackage('preload'), 'preload.cjs')]

const script = `
const tf = require(process.argv[1])
const x = tf.tensor2d([[1, 2], [3, 4]])
console.log(process.versions.node, tf.matMul(x, x).dataSync().join(), tf.concat([x, x]).shape.join())`

async function multiply(node: string, options: string[]) {
  const { folder } = await installLibtensorflow({ dir: join(packageFolder, '..', '..') })
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' }
  return spawnSync(node, [...options, '-e', script, folder], { env, encoding: 'utf8' })
}

test.each([process.versions.node, '22.23.3', '24.21.0'])(
  'preload lets tfjs-node run on Node %s, with the addon compiled once',
  async (version) => {
    const { status, stdout, stderr } = await multiply(await nodeBinary(version), preload)
    expect(stderr).not.toContain('DeprecationWarning')
    expect([status, stdout]).toEqual([0, `${version} 7,10,15,22 4,2\n`])
  },
)

test('without preload tfjs-node 4.22 fails on Node 24', async () => {
  expect((await multiply(await nodeBinary('24.21.0'), [])).stderr).toContain('isNullOrUndefined')
})
