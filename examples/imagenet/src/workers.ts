import { type DecodeWorkers, decodeWorkers, type ReplacedWorker } from '@bag-of-tricks/image-dataset'

/** As many decoders as a run asks for. */
export interface WorkersOfRun {
  /** Undefined where none is asked for: the process that trains decodes. */
  workers?: DecodeWorkers
  close(): Promise<void>
}

/** Starts processes that decode while this one computes, and says which of them had to be replaced. */
export function startWorkers(count: number, say: (line: string) => void): WorkersOfRun {
  if (count === 0) return { close: async () => {} }
  const onReplaced = ({ sample, reason }: ReplacedWorker) =>
    say(`a decode worker was replaced: ${reason}${sample === undefined ? '' : ` at ${sample}`}`)
  const workers = decodeWorkers({ count, onReplaced })
  return { workers, close: () => workers.close() }
}
