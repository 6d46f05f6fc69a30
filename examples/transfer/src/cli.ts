import '@bag-of-tricks/libtensorflow/preload'
import { parseCommandLine, RunError, renderCommandHelp, UsageError } from '@bag-of-tricks/example-imagenet'
import { DatasetError } from '@bag-of-tricks/image-dataset'
import { LibtensorflowError } from '@bag-of-tricks/libtensorflow'
import { boxes } from './commands/boxes'
import { classify } from './commands/classify'

const commands = [boxes, classify]
const program = 'pnpm transfer'

/** Runs one command line and gives the exit code, as `pnpm imagenet` has them. */
async function main(args: readonly string[]): Promise<number> {
  if (args.length === 0 || args[0] === '--help' || args[0] === '-h') {
    console.log(commands.map((command) => renderCommandHelp(command, program)).join('\n\n'))
    return 0
  }
  const { command, help, flags, words } = parseCommandLine(args, commands, '')
  if (!help) return command.run(flags, words)
  console.log(renderCommandHelp(command, program))
  return 0
}

function exitCode(error: unknown): number {
  const wrongUse = [UsageError, DatasetError, LibtensorflowError].some((kind) => error instanceof kind)
  console.error(wrongUse || error instanceof RunError ? `transfer: ${(error as Error).message}` : error)
  return wrongUse ? 2 : 1
}

process.exitCode = await main(process.argv.slice(2)).catch(exitCode)
