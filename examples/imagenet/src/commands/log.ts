import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { writeFileAtomic } from '@bag-of-tricks/checkpoint'
import { type LogRecord, tensorBoard, toCsv } from '@bag-of-tricks/train-log'
import { type Command, choiceFlag } from '../command-line'
import { UsageError } from '../errors'
import { checkOutFile } from '../out-file'
import { readRunLog } from '../read-run-log'
import { files } from '../run-folder'
import { withRunLock } from '../run-lock'

const formats = ['csv', 'tensorboard'] as const

export const log: Command = {
  name: 'log',
  usage: '--run DIR --format csv|tensorboard [--out PATH]',
  summary: 'takes the log of a run, finished or not, into a spreadsheet or into TensorBoard',
  flags: {
    run: { hint: 'DIR', help: 'folder of the run' },
    format: { hint: formats.join('|'), help: 'csv: a row for each step; tensorboard: an event file (default: csv)' },
    out: { hint: 'PATH', help: 'file of csv (default: DIR/log.csv), folder of tensorboard (default: DIR)' },
  },
  async run(flags) {
    const format = choiceFlag(flags, 'format', formats, 'csv')
    const [folder, out] = [flags.run as string | undefined, flags.out as string | undefined]
    if (folder === undefined) throw new UsageError('log needs --run DIR, the folder of a run')
    const records = read(folder)
    if (format === 'csv') await writeCsv(records, out ?? join(folder, 'log.csv'))
    else await writeEvents(records, { folder, out: out ?? folder })
    return 0
  },
}

function read(folder: string): LogRecord[] {
  if (existsSync(join(folder, files.log))) return readRunLog(folder)
  throw new UsageError(`--run: ${folder} holds no run (it has no ${files.log})`)
}

async function writeCsv(records: readonly LogRecord[], file: string): Promise<void> {
  checkOutFile(file, '--out')
  await writeFileAtomic(file, Buffer.from(toCsv(records)))
  console.log(`table  ${file}`)
}

async function writeEvents(records: readonly LogRecord[], { folder, out }: { folder: string; out: string }) {
  const write = async () => tensorBoard(out, { records }).close()
  // A training with --tensorboard writes to the file that is to be replaced.
  if (relative(folder, out) === '') await withRunLock(folder, write)
  else if (existsSync(join(out, files.log))) throw new UsageError(`--out: ${out} holds another run`)
  else await write()
  console.log(`events ${out}`)
  console.log(`tensorboard --logdir ${out}    # pip install tensorboard; then open its address`)
}
