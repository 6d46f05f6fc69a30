import '@bag-of-tricks/libtensorflow/preload'
import { CheckpointError } from '@bag-of-tricks/checkpoint'
import { DatasetError } from '@bag-of-tricks/image-dataset'
import { LibtensorflowError } from '@bag-of-tricks/libtensorflow'
import { parseCommandLine } from './command-line'
import { ablate } from './commands/ablate'
import { compare } from './commands/compare'
import { evaluate } from './commands/evaluate'
import { exportCommand } from './commands/export'
import { importCommand } from './commands/import'
import { log } from './commands/log'
import { predict } from './commands/predict'
import { prepare } from './commands/prepare'
import { recipes } from './commands/recipes'
import { train } from './commands/train'
import { RunError, UsageError } from './errors'
import { renderCommandHelp, renderHelp } from './help'

const commands = [train, evaluate, log, predict, exportCommand, importCommand, compare, ablate, prepare, recipes]
const standard = 'train'

/** Runs one command line and gives the exit code: 0 done, 1 the run failed, 2 wrong use, 130 and 143 interrupted. */
async function main(args: readonly string[]): Promise<number> {
  if (args[0] === '--help' || args[0] === '-h' || args[0] === 'help') {
    console.log(renderHelp(commands, standard))
    return 0
  }
  const { command, help, flags, words } = parseCommandLine(args, commands, standard)
  if (!help) return command.run(flags, words)
  console.log(renderCommandHelp(command))
  return 0
}

function exitCode(error: unknown): number {
  const expected = [UsageError, DatasetError, LibtensorflowError, RunError, CheckpointError].some(
    (k) => error instanceof k,
  )
  console.error(expected ? `imagenet: ${(error as Error).message}` : error)
  return error instanceof UsageError || error instanceof DatasetError || error instanceof LibtensorflowError ? 2 : 1
}

process.exitCode = await main(process.argv.slice(2)).catch(exitCode)
