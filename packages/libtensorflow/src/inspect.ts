import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { cacheFolder, freeBytes } from './cache'
import { findFusedOps, refusalOf, without } from './fused-ops'
import { describeGpu } from './gpu'
import { linkedAddon } from './links'
import { addonKey } from './places'
import { describeProcessor } from './processor'
import { findPackage, requireFolder, type TfjsPackage } from './project'
import { inspectCompiler, inspectPython, inspectSystem } from './tools'
import { tryTensorflow } from './trial'

/** One line of what `doctor` prints. */
export interface Check {
  name: string
  value: string
  /** The command or step that mends it; absent where nothing is wrong. */
  fix?: string
}

export interface Inspection {
  /** Whether the project's tfjs-node, or tfjs-node-gpu, multiplies two matrices. */
  ready: boolean
  checks: Check[]
}

/**
 * Looks at everything that TensorFlow in this project depends on, and tries TensorFlow itself.
 *
 * @example
 * const { ready, checks } = await inspectLibtensorflow()
 */
export async function inspectLibtensorflow({ dir = process.cwd() } = {}): Promise<Inspection> {
  requireFolder(dir)
  const packages = [false, true].map((gpu) => findPackage(dir, gpu)).filter((found) => found !== undefined)
  const trials = await Promise.all(packages.map((tfjs) => inspectPackage(tfjs, dir)))
  const checks = [
    { name: 'Node', value: `${process.versions.node}, Node-API ${process.versions.napi}` },
    inspectSystem(),
    { name: 'processor', value: describeProcessor() },
    { name: 'GPU', value: (await describeGpu()) ?? 'no NVIDIA driver' },
    await inspectPython(),
    await inspectCompiler(),
    { name: 'cache', value: `${cacheFolder()}, ${(freeBytes(cacheFolder()) / 1e9).toFixed(1)} GB free` },
    ...(trials.length > 0 ? trials.flatMap((trial) => trial.checks) : [noPackage(dir)]),
  ]
  return { ready: trials.some(({ works }) => works), checks }
}

async function inspectPackage(tfjs: TfjsPackage, dir: string): Promise<{ works: boolean; checks: Check[] }> {
  const trial = await tryTensorflow(tfjs)
  const tensorflow = trial.ok
    ? { value: `${trial.tensorflow}, multiplies matrices` }
    : {
        value: trial.reason,
        fix: install(tfjs),
      }
  const checks = [
    { name: tfjs.name.slice('@tensorflow/'.length), value: `${tfjs.version} in ${tfjs.folder}` },
    inspectAddon(tfjs),
    { name: '  TensorFlow', ...tensorflow },
    ...inspectFusedOps(tfjs, dir),
  ]
  return { works: trial.ok, checks }
}

/** An addon of another version of this package may lack what this one's has, though it computes. */
function inspectAddon(tfjs: TfjsPackage): Check {
  const name = '  addon'
  const addon = linkedAddon(tfjs)
  if (!addon) return { name, value: 'not from this package' }
  // <entry>/addons/<key>/tfjs_binding.node
  if (basename(dirname(addon)) === addonKey(tfjs)) return { name, value: addon }
  return { name, value: `${addon}, not what this version compiles`, fix: install(tfjs) }
}

/** A project without @bag-of-tricks/fused-ops, or without an addon to go with it, has nothing to be told. */
function inspectFusedOps(tfjs: TfjsPackage, dir: string): Check[] {
  const addon = linkedAddon(tfjs)
  // <entry>/addons/<key>/tfjs_binding.node
  const ops = addon && findFusedOps(dir, join(dirname(addon), '..', '..', 'tensorflow'))
  if (!ops) return []
  const name = '  fused ops'
  if (existsSync(ops.library)) return [{ name, value: `compiled, ${ops.library}` }]
  const refusal = refusalOf(ops)
  if (!refusal) return [{ name, value: `not compiled: ${without}`, fix: install(tfjs) }]
  const fix = `mend that and remove ${ops.refusal}, or name another compiler in CXX; then ${install(tfjs)}`
  return [{ name, value: `not compiled: ${without}; ${refusal.reason}`, fix }]
}

function install({ gpu }: TfjsPackage): string {
  return `npx @bag-of-tricks/libtensorflow install${gpu ? ' --gpu' : ''}`
}

function noPackage(dir: string): Check {
  const fix = 'npm install --ignore-scripts @tensorflow/tfjs-node'
  return { name: 'tfjs-node', value: `not installed in ${resolve(dir)}`, fix }
}
