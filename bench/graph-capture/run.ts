import { prepareTensorflow } from '../prepare-tensorflow'

export const graphUsage = `pnpm bench graph [--resnet50]

Captures a residual block, forward and backward, as one TensorFlow function, and compares results and times: tfjs's eager
execution, the function, the function compiled by XLA. With --resnet50 also a whole training step of ResNet-50 (a minute).`

/** Prints the comparisons; TensorFlow is loaded when it is in place and told to be quiet. */
export async function benchGraph(options: { resnet50: boolean }): Promise<void> {
  await prepareTensorflow()
  const { measure } = await import('./measure')
  await measure(options, console.log)
}
