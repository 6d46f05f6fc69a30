import type * as core from '@tensorflow/tfjs-core'

/** The gradients that a backward pass has on its way, by the tensor they belong to; each is freed when nobody waits for it. */
export class GradientMap {
  private readonly byTensor = new Map<number, core.Tensor>()
  /** A gradient function may give one tensor for two inputs. */
  private readonly entries = new Map<core.Tensor, number>()

  /**
   * @param kept Tensors whose gradients are the result.
   * @param isOurs Tells a tensor of this pass from one of the user's, which a gradient function may give as well.
   */
  constructor(
    private readonly kept: ReadonlySet<number>,
    private readonly isOurs: (tensor: core.Tensor) => boolean,
    private readonly sum: (a: core.Tensor, b: core.Tensor) => core.Tensor,
  ) {}

  get(id: number): core.Tensor | null {
    return this.byTensor.get(id) ?? null
  }

  set(id: number, gradient: core.Tensor): void {
    this.byTensor.set(id, gradient)
    this.entries.set(gradient, (this.entries.get(gradient) ?? 0) + 1)
  }

  /** Says whether a tensor is a gradient on its way: an op may give what it had saved. */
  has(tensor: core.Tensor): boolean {
    return this.entries.has(tensor)
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
    if (!this.entries.has(gradient)) this.free(gradient)
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
    this.free(gradient)
  }

  private free(gradient: core.Tensor): void {
    if (this.isOurs(gradient)) gradient.dispose()
  }
}
