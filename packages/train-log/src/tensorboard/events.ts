import { sizeOfPng } from './png'
import { binary, bytes, double, fieldsOf, float, integer } from './protobuf'

/** When an event took place. */
export interface Moment {
  /** ISO 8601. */
  time: string
  step: number
}

/** What TensorFlow writes since 2016; TensorBoard then takes `restart` for what it is. */
const VERSION = 'brain.Event:2'

// The numbers of the fields below are those of TensorFlow's event.proto, summary.proto and tensor.proto.

/** Opens a file. */
export function versionEvent(at: Moment): Buffer {
  return event(at, bytes(3, VERSION))
}

/** Says that the run goes on at this step: TensorBoard forgets what it has seen from there on. */
export function startEvent(at: Moment): Buffer {
  const START = 1
  return event(at, bytes(7, integer(1, START)))
}

/** Gives the points of several curves at one step. Numbers are kept to 32 bits, as TensorBoard's are. */
export function scalarsEvent(at: Moment, scalars: Readonly<Record<string, number | undefined>>): Buffer {
  const values = Object.entries(scalars).map(([tag, value]) => {
    return value === undefined ? '' : summaryValue(tag, float(2, value))
  })
  return event(at, bytes(5, values.join('')))
}

/** Gives a text, which TensorBoard reads as Markdown. */
export function textEvent(at: Moment, tag: string, markdown: string): Buffer {
  const [TENSORS, STRING] = [2, 7]
  const metadata = bytes(9, bytes(1, bytes(1, 'text')) + integer(4, TENSORS))
  const scalarShape = bytes(2, '')
  const tensor = bytes(8, integer(1, STRING) + scalarShape + bytes(8, binary(markdown)))
  return event(at, bytes(5, summaryValue(tag, tensor + metadata)))
}

/** Gives a picture, encoded as PNG. */
export function imageEvent(at: Moment, tag: string, png: Uint8Array): Buffer {
  const { width, height } = sizeOfPng(png)
  const RGB = 3
  const image = bytes(4, integer(1, height) + integer(2, width) + integer(3, RGB) + bytes(4, binary(png)))
  return event(at, bytes(5, summaryValue(tag, image)))
}

function summaryValue(tag: string, value: string): string {
  return bytes(1, bytes(1, binary(tag)) + value)
}

function event({ time, step }: Moment, what: string): Buffer {
  const milliseconds = Date.parse(time)
  if (Number.isNaN(milliseconds)) throw new RangeError(`time must be a date as of ISO 8601, got ${time}`)
  if (!(Number.isSafeInteger(step) && step >= 0)) throw new RangeError(`step must be an integer ≥ 0, got ${step}`)
  return Buffer.from(double(1, milliseconds / 1000) + integer(2, step) + what, 'latin1')
}

/** Gives the step of an event that holds a picture. */
export function stepOfImage(event: Buffer): number | undefined {
  const fields = fieldsOf(event)
  const value = messageIn(messageIn(fields, 5), 1)
  return value.has(4) ? Number(fields.get(2)) : undefined
}

function messageIn(fields: Map<number, number | Buffer>, field: number): Map<number, number | Buffer> {
  const message = fields.get(field)
  return Buffer.isBuffer(message) ? fieldsOf(message) : new Map()
}
