import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { checkSpace, workFolder } from './cache'
import { download, unpack } from './python'
import { cudaWheels, type Wheel, wheelsOf } from './wheels'

// What is unpacked, and the largest wheel beside it: each wheel is removed before the next one is fetched.
const space = { cpu: 1.5e9, gpu: 7e9 }

/** Fetches one TensorFlow and renames it to `entry` once it is whole; inside, the layout is that of site-packages. */
export async function fetchTensorflow(entry: string, version: string, gpu: boolean, log: (line: string) => void) {
  checkSpace(entry, space[gpu ? 'gpu' : 'cpu'])
  const work = workFolder(dirname(entry))
  const whole = join(work, 'whole')
  const take = async (wheel: Wheel, prefixes: string[]) => {
    log(`fetching ${wheel.requirement}`)
    await unpack(await download(wheel, join(work, 'wheel')), whole, prefixes)
    rmSync(join(work, 'wheel'), { recursive: true })
  }
  try {
    const [tensorflow, ...cuda] = wheelsOf(version, gpu) as [Wheel, ...Wheel[]]
    const record = `${gpu ? 'tensorflow' : 'tensorflow_cpu'}-${version}.dist-info`
    await take(tensorflow, [...libraries.map((name) => `tensorflow/${name}`), 'tensorflow/include/', `${record}/`])
    if (gpu && cuda.length === 0) cuda.push(...cudaWheels(readFileSync(join(whole, record, 'METADATA'), 'utf8')))
    for (const wheel of cuda) await take(wheel, ['nvidia/'])
    // There it stands only where files were deleted from it.
    rmSync(entry, { recursive: true, force: true })
    renameSync(whole, entry)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Tells whether the folder holds the libraries; a cleaner of caches may have taken some. */
export function isWhole(folder: string): boolean {
  return libraries.every((name) => existsSync(join(folder, name)))
}

const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']
