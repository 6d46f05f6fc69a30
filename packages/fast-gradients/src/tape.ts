import type * as core from '@tensorflow/tfjs-core'

/** A step recorded by tfjs's tape. */
export interface TapeNode {
  id: number
  kernelName: string
  inputs: core.NamedTensorMap
  outputs: core.Tensor[]
  saved?: core.Tensor[]
  gradient?: (dys: (core.Tensor | null)[]) => Record<string, () => core.Tensor>
}

/** The nodes on the way from xs to y, each with those of its inputs that depend on xs. */
export function nodesBetween(tape: TapeNode[], xs: core.Tensor[], y: core.Tensor): TapeNode[] {
  const fromX = new Set(xs.map(({ id }) => id))
  const forward = tape.filter(({ inputs, outputs }) => {
    if (!Object.values(inputs).some(({ id }) => fromX.has(id))) return false
    for (const { id } of outputs) fromX.add(id)
    return true
  })
  const toY = new Set([y.id])
  const backward = forward.reverse().filter(({ inputs, outputs }) => {
    if (!outputs.some(({ id }) => toY.has(id))) return false
    for (const { id } of Object.values(inputs)) toY.add(id)
    return true
  })
  const depends = ([, { id }]: [string, core.Tensor]) => fromX.has(id)
  return backward.map((node) => ({ ...node, inputs: Object.fromEntries(Object.entries(node.inputs).filter(depends)) }))
}

/** Refuses what tfjs would not take for the gradient of x. */
export function checkGradient({ kernelName }: TapeNode, name: string, dx: core.Tensor, x: core.Tensor): void {
  if (dx.dtype !== 'float32') {
    throw new Error(
      `Error in gradient for op ${kernelName}. The gradient of input ${name} must have 'float32' dtype, but has '${dx.dtype}'`,
    )
  }
  if (dx.shape.join() !== x.shape.join()) {
    throw new Error(
      `Error in gradient for op ${kernelName}. The gradient of input '${name}' has shape '${dx.shape}', which does not match the shape of the input '${x.shape}'`,
    )
  }
}
