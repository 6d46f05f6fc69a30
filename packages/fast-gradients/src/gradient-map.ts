import type * as core from '@tensorflow/tfjs-core'

/** The gradients that a backward pass has on its way, by the tensor they belong to; each is freed when nobody waits for it. */
export class GradientMap {
  private readonly byTensor = new Map<number, core.Tensor>()
  /** A gradient function may give one tensor for two inputs. */
  private readonly entries = new Map<core.Tensor, number>()

  /** @param kept Tensors whose gradients are the result. */
  constructor(
    private readonly kept: ReadonlySet<number>,
    private readonly sum: (a: core.Tensor, b: core.Tensor) => core.Tensor,
  ) {}

  get(id: number): core.Tensor | null {
    return this.byTensor.get(id) ?? null
  }

  /** Puts a gradient in; one that is `borrowed` belongs to the caller. */
  set(id: number, gradient: core.Tensor, borrowed = false): void {
    this.byTensor.set(id, gradient)
    this.entries.set(gradient, (this.entries.get(gradient) ?? 0) + (borrowed ? 2 : 1))
  }

  /** Adds to what other paths have brought. */
  add(id: number, gradient: core.Tensor): void {
    const others = this.byTensor.get(id)
    if (!others) {
      this.set(id, gradient)
      return
    }
    const sum = this.sum(others, gradient)
    this.remove(others)
    if (!this.entries.has(gradient)) gradient.dispose()
    this.set(id, sum)
  }

  /** Forgets a gradient that its op has passed on. */
  passedOn(id: number): void {
    const gradient = this.byTensor.get(id)
    if (!gradient || this.kept.has(id)) return
    this.byTensor.delete(id)
    this.remove(gradient)
  }

  private remove(gradient: core.Tensor): void {
    const left = this.entries.get(gradient)! - 1
    if (left > 0) {
      this.entries.set(gradient, left)
      return
    }
    this.entries.delete(gradient)
    gradient.dispose()
  }
}
