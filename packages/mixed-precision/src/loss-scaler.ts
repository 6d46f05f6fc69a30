/** What a checkpoint keeps of a scaler: plain JSON. */
export interface LossScalerState {
  readonly scale: number
  /** Finite steps in a row since the scale last moved. */
  readonly goodSteps: number
}

export interface LossScalerOptions {
  /** First scale, in [min, max]. Not looked at where there is a `state`. @default 65536, or the bound that it lies beyond */
  initial?: number
  /** Multiplies the scale after `interval` finite steps in a row; above 1. @default 2 */
  growth?: number
  /** Multiplies the scale after an overflow; between 0 and 1. @default 0.5 */
  backoff?: number
  /** Whole number of finite steps in a row before the scale grows. @default 2000 */
  interval?: number
  /** Floor of the scale, above 0. @default 1 */
  min?: number
  /** Ceiling of the scale. With `min` equal to `max` the scale is static. @default 2 ** 24 */
  max?: number
  /** Goes on from here instead of from `initial`. */
  state?: LossScalerState
}

export interface LossScaler {
  /** What to multiply the loss of the coming step with. Changes with `update`: read it at every step. */
  readonly scale: number
  /** A copy to save. */
  readonly state: LossScalerState
  /** Takes whether all gradients were finite; gives whether the step must be skipped. */
  update(finite: boolean): boolean
}

/**
 * Finds the largest loss scale that a training in float16 bears, and follows it as the gradients change.
 *
 * Small gradients become 0 in float16, below 2⁻²⁵. Multiplied by the scale, the loss lifts them all into range; one that
 * overflows says that the scale is too large. Finite steps: `scale · growth` after `interval` of them in a row. A step
 * with an infinity or NaN: `scale · backoff`, counted from 0 again, and the weights stay as they are. bfloat16 has the
 * range of float32 and needs no scale.
 *
 * @example
 * const scaler = lossScaler()
 * scaler.update(false) // => true
 * scaler.scale // => 32768
 *
 * Micikevicius et al., 2017, section 3.2; the trajectory of torch's GradScaler, with Apex's ceiling.
 */
export function lossScaler(options: LossScalerOptions = {}): LossScaler {
  const { initial, growth = 2, backoff = 0.5, interval = 2000, min = 1, max = 2 ** 24, state } = options
  check('min', 'a number above 0', min, min > 0)
  check('max', 'a number, min or more', max, max >= min)
  check('growth', 'a number above 1', growth, growth > 1)
  check('backoff', 'between 0 and 1', backoff, backoff > 0 && backoff < 1)
  check('interval', 'a positive whole number', interval, Number.isSafeInteger(interval) && interval > 0)
  let { scale, goodSteps } =
    state === undefined ? { scale: firstScale(initial, min, max), goodSteps: 0 } : checkState(state, min, max)

  return {
    get scale() {
      return scale
    },
    get state() {
      return { scale, goodSteps }
    },
    update(finite) {
      if (typeof finite !== 'boolean') {
        throw new TypeError(`lossScaler: update takes true or false, whether all gradients were finite, got ${finite}`)
      }
      goodSteps = finite ? goodSteps + 1 : 0
      if (!finite) scale = Math.max(min, scale * backoff)
      else if (goodSteps >= interval) [scale, goodSteps] = [Math.min(max, scale * growth), 0]
      return !finite
    },
  }
}

function firstScale(initial: number | undefined, min: number, max: number): number {
  // A caller who named bounds alone has made no mistake.
  if (initial === undefined) return Math.min(max, Math.max(min, 2 ** 16))
  check('initial', `in [min, max] = [${min}, ${max}]`, initial, initial >= min && initial <= max)
  return initial
}

function checkState(state: LossScalerState, min: number, max: number): LossScalerState {
  if (typeof state !== 'object' || state === null) {
    throw new TypeError(`lossScaler: state must be { scale, goodSteps }, got ${state}`)
  }
  const { scale, goodSteps } = state
  check('state.scale', `in [min, max] = [${min}, ${max}]`, scale, scale >= min && scale <= max)
  check('state.goodSteps', 'a whole number, 0 or more', goodSteps, Number.isSafeInteger(goodSteps) && goodSteps >= 0)
  return state
}

function check(name: string, expected: string, value: number, good: boolean): void {
  if (!(Number.isFinite(value) && good)) throw new RangeError(`lossScaler: ${name} must be ${expected}, got ${value}`)
}
