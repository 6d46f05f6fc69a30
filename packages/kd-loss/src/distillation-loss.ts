/** What distillation asks of a tensor library; softmax and logSoftmax run over the last axis. `tf` has it. */
export interface DistillationOps<T, Loss> {
  logSoftmax(logits: T): T
  softmax(logits: T): T
  mul(x: T, y: T | number): T
  add(x: T, y: T): T
  sum(x: T, axis: -1): Loss
}

export interface DistillationLossOptions {
  /** T, above 0: how far teacher and student are softened before they are compared. @default 20, as in the paper */
  temperature?: number
  /** Weight of the true labels' loss, 0 or more; 0 learns from the teacher alone. @default 1, as in the paper */
  hardWeight?: number
}

/**
 * Measures how far a student is from the labels and from a larger, trained teacher.
 *
 * The teacher's probabilities say which mistakes are small. With student z, teacher r, labels p and the cross-entropy ℓ:
 * `ℓ(p, softmax(z)) + T² ℓ(softmax(r / T), softmax(z / T))`. T² makes up for the softened gradient, which shrinks as 1/T².
 * The minimum is not 0 but T² times the teacher's entropy (and the labels').
 *
 * Compute `teacherLogits` outside the function that is differentiated, or differentiate by the student's variables only:
 * the teacher is a constant here, and nothing in this loss can say so to the library.
 *
 * @param studentLogits Classes on the last axis, before softmax.
 * @param teacherLogits The same shape, from the same (also the same mixed) images.
 * @param labels The same shape, one-hot or soft.
 * @returns One loss per example; take the mean.
 *
 * @example
 * const student = tf.tensor2d([[0, 0]])
 * distillationLoss(tf, student, tf.tensor2d([[0, 0]]), tf.tensor2d([[1, 0]]), { temperature: 1 }) // => [1.3862944]
 *
 * He et al., 2018, section 5.3, after Hinton et al., 2015.
 */
export function distillationLoss<T, Loss>(
  ops: DistillationOps<NoInfer<T>, Loss>,
  studentLogits: T,
  teacherLogits: NoInfer<T>,
  labels: NoInfer<T>,
  { temperature = 20, hardWeight = 1 }: DistillationLossOptions = {},
): Loss {
  if (!(Number.isFinite(temperature) && temperature > 0)) {
    throw new RangeError(`distillationLoss: temperature must be a positive number, got ${temperature}`)
  }
  if (!(Number.isFinite(hardWeight) && hardWeight >= 0)) {
    throw new RangeError(`distillationLoss: hardWeight must be a number, 0 or more, got ${hardWeight}`)
  }
  checkShape('teacherLogits', teacherLogits, studentLogits)
  checkShape('labels', labels, studentLogits)
  const soften = (logits: T) => ops.mul(logits, 1 / temperature)
  const hard = ops.mul(ops.mul(labels, -hardWeight), ops.logSoftmax(studentLogits))
  const soft = ops.mul(
    ops.mul(ops.softmax(soften(teacherLogits)), -(temperature ** 2)),
    ops.logSoftmax(soften(studentLogits)),
  )
  return ops.sum(ops.add(hard, soft), -1)
}

function checkShape<T>(name: string, value: T, studentLogits: T): void {
  const { shape } = value as { shape?: readonly number[] }
  const { shape: expected } = studentLogits as { shape?: readonly number[] }
  if (String(shape) !== String(expected)) {
    throw new RangeError(`distillationLoss: ${name} must have the shape [${expected}] of studentLogits, got [${shape}]`)
  }
}
