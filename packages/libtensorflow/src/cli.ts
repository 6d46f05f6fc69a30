import { readArguments, UsageError } from './arguments'
import { formatChecks } from './doctor'
import { LibtensorflowError } from './errors'
import { inspectLibtensorflow } from './inspect'
import { installLibtensorflow } from './install'
import { uninstallLibtensorflow } from './uninstall'
import { defaultVersion } from './wheels'

const help = `Gives tfjs-node and tfjs-node-gpu a current TensorFlow.

  libtensorflow install [--gpu] [--version ${defaultVersion}] [--dir .]
      fetches TensorFlow with pip, compiles the addon and links both into the project
      --gpu       TensorFlow with CUDA 12, for tfjs-node-gpu
      --version   a release of TensorFlow on PyPI
      --dir       folder of the project
  libtensorflow doctor [--dir .]
      shows versions, places, processor, GPU and what is missing; exit code 1 when TensorFlow does not run
  libtensorflow uninstall [--cache] [--dir .]
      --cache     removes the cache of all projects too

Environment: PYTHON and CXX name the Python and the compiler, XDG_CACHE_HOME the folder of the cache; pip heeds its own.`

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code
})

async function main(args: string[]): Promise<number> {
  try {
    const { command, help: asked, ...options } = readArguments(args)
    if (asked) console.log(help)
    else if (command === 'install') await install(options)
    else if (command === 'uninstall') await uninstall(options)
    else return await doctor(options)
    return 0
  } catch (error) {
    const wrongUse = error instanceof UsageError || error instanceof RangeError
    if (!wrongUse && !(error instanceof LibtensorflowError)) throw error
    console.error(`libtensorflow: ${error.message}`)
    return wrongUse ? 2 : 1
  }
}

async function install(options: Parameters<typeof installLibtensorflow>[0]): Promise<void> {
  const { changed, version, folder } = await installLibtensorflow({ ...options, log: console.log })
  if (!changed) console.log(`TensorFlow ${version} is in place in ${folder}`)
}

async function uninstall(options: Parameters<typeof uninstallLibtensorflow>[0]): Promise<void> {
  const { changed } = await uninstallLibtensorflow({ ...options, log: console.log })
  if (!changed) console.log('nothing to remove')
}

async function doctor(options: { dir?: string }): Promise<number> {
  const { ready, checks } = await inspectLibtensorflow(options)
  console.log(formatChecks(checks))
  return ready ? 0 : 1
}
