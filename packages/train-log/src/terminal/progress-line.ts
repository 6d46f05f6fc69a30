import { bytes, decimal, duration, fixed, percent } from '../format'
import { bar, type Field, fit } from './fit'
import type { Recent } from './recent-steps'

const WIDEST_BAR = 28
const NARROWEST_BAR = 6

/** '59 min 59 s left': time left gets shorter and longer, and the bar should not. */
const ROOM_FOR_TIME = 16

/** How long a run is. */
export interface Extent {
  epochs: number
  stepsPerEpoch: number
  /** In all; the last epoch may be a short one. */
  steps: number
}

/** Draws in one line, of at most `width` columns, where a run is. */
export function liveLine(recent: Recent, extent: Extent, width: number): string {
  const [epoch, ...rest] = fields(recent, extent)
  const share = doneInEpoch(recent, extent)
  const widen = (columns: number) => bar(share.done / share.of, Math.min(columns, WIDEST_BAR))
  const progress = { text: bar(share.done / share.of, NARROWEST_BAR), rank: 7, widen }
  return fit([epoch!, progress, ...rest], width)
}

/** The same in a line of a file: without a bar, and as long as it likes. */
export function plainLine(recent: Recent, extent: Extent): string {
  const texts = fields(recent, extent).map(({ text, rank }) => ({ text, rank }))
  return fit(texts, Number.POSITIVE_INFINITY)
}

function doneInEpoch({ latest: { epoch, step } }: Recent, { stepsPerEpoch, steps }: Extent) {
  const of = Math.min(stepsPerEpoch, steps - epoch * stepsPerEpoch)
  return { done: Math.min(step - epoch * stepsPerEpoch + 1, of), of }
}

/** In 80 columns there is room for epoch, bar, loss, top-1, speed and time left; the rest comes in, by rank, up to 160. */
function fields(recent: Recent, extent: Extent): Field[] {
  const { latest, loss, accuracy, imagesPerSecond, dataWait, left, evaluation } = recent
  const { done, of } = doneInEpoch(recent, extent)
  const digits = String(extent.stepsPerEpoch).length
  return [
    { text: `epoch ${latest.epoch + 1}/${extent.epochs}`, rank: 12 },
    { text: `${String(done).padStart(digits)}/${of}`, rank: 3 },
    { text: `loss ${fixed(loss)}`, rank: 11 },
    // Until there is an evaluation, the training pictures that were right stand in for top-1.
    { text: known(accuracy, `acc ${percent(accuracy, 1)}`), rank: evaluation ? 6 : 9 },
    { text: evaluation ? `top-1 ${percent(evaluation.top1, 1)}` : '', rank: 9 },
    { text: evaluation ? `top-5 ${percent(evaluation.top5, 1)}` : '', rank: 1 },
    { text: `rate ${decimal(latest.rate)}`, rank: 4, room: 12 },
    { text: `${decimal(imagesPerSecond)} img/s`, rank: 8 },
    { text: known(dataWait, `data ${percent(dataWait, 0)}`), rank: 5, room: 9 },
    { text: latest.memory ? `mem ${bytes(latest.memory.resident)}` : '', rank: 2 },
    { text: known(left, `${duration(left)} left`), rank: 10, room: ROOM_FOR_TIME },
  ]
}

function known(value: number, text: string): string {
  return Number.isFinite(value) ? text : ''
}
