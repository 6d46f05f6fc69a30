import { bytes, decimal, duration, fixed, percent } from '../format'
import { fit } from './fit'

/** What one epoch came to. Where nothing was measured, NaN. */
export interface EpochRow {
  epoch: number
  loss: number
  /** Of the pictures trained on, as augmented. */
  accuracy: number
  evaluationLoss: number
  top1: number
  top5: number
  imagesPerSecond: number
  /** Share of the steps' time spent waiting for data. */
  dataWait: number
  /** Bytes resident at most. */
  memory: number
  /** In milliseconds. */
  time: number
}

interface Column {
  title: string
  width: number
  /** See `Field`. */
  rank: number
  text(row: EpochRow): string
}

const COLUMNS: readonly Column[] = [
  { title: 'epoch', width: 5, rank: 10, text: ({ epoch }) => String(epoch + 1) },
  { title: 'loss', width: 7, rank: 8, text: ({ loss }) => fixed(loss) },
  { title: 'acc', width: 7, rank: 4, text: ({ accuracy }) => percent(accuracy, 1) },
  { title: 'val loss', width: 8, rank: 6, text: ({ evaluationLoss }) => fixed(evaluationLoss) },
  { title: 'top-1', width: 8, rank: 9, text: ({ top1 }) => percent(top1) },
  { title: 'top-5', width: 8, rank: 5, text: ({ top5 }) => percent(top5) },
  { title: 'img/s', width: 7, rank: 3, text: ({ imagesPerSecond }) => decimal(imagesPerSecond) },
  { title: 'data', width: 5, rank: 2, text: ({ dataWait }) => percent(dataWait, 0) },
  { title: 'mem', width: 7, rank: 1, text: ({ memory }) => bytes(memory) },
  { title: 'time', width: 11, rank: 7, text: ({ time }) => duration(time) },
]

export function tableHead(width: number): string {
  return line(({ title }) => title, width)
}

export function tableRow(row: EpochRow, width: number): string {
  return line((column) => column.text(row), width)
}

function line(text: (column: Column) => string, width: number): string {
  return fit(
    COLUMNS.map((column) => ({ text: text(column).padStart(column.width), rank: column.rank })),
    width,
  )
}
