import { UsageError } from '../errors'
import { type Architecture, architectureName, architectures } from './architectures'
import { expectedTensors } from './expected-tensors'
import { misfits, recognise } from './fit'
import type { StateDict } from './state-dict'

export interface Fit {
  architecture: Architecture
  /** Takes all but the classifier, which may be any, or missing. */
  headless?: boolean
}

/**
 * Refuses a state dict that is not that of the network, and says by name what differs and which network's it is.
 *
 * Any number of classes will do; gives it, or undefined where there is no classifier.
 *
 * @param label What the message calls the file.
 */
export function checkFit(
  { tensors, metadata }: StateDict,
  { architecture, headless = false }: Fit,
  label: string,
): number | undefined {
  const name = architectureName(architecture)
  const classes = tensors.get('fc.weight')?.shape[0]
  const problem = (reason: string) => new UsageError(`${label} holds no ${name}: ${reason}`)
  // The tensors of A are those of B: only we say which it is.
  if (architectures.has(metadata.arch ?? '') && metadata.arch !== name) throw problem(`it holds a ${metadata.arch}`)
  const wanted = (tensor: string) => !headless || !tensor.startsWith('fc.')
  const expected = expectedTensors(architecture, classes ?? 1000)
  const found = misfits(pick(tensors, wanted), pick(expected, wanted))
  if (found.length === 0) return classes
  const other = recognise(tensors)
  throw problem([...found, ...(other ? [`these are the tensors of ${other}`] : [])].join('; '))
}

function pick<T>(tensors: ReadonlyMap<string, T>, wanted: (name: string) => boolean): Map<string, T> {
  return new Map([...tensors].filter(([name]) => wanted(name)))
}
