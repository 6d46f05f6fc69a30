import { nn, numpy as np, tree } from '@jax-js/jax'

/** jax-js frees what a function is given: each op takes a reference of its own, and `keep` learns of its result. */
const makeOps = (keep: (x: np.Array) => np.Array) => ({
  add: (x: np.Array, y: np.Array | number) => keep(np.add(x.ref, reference(y))),
  sub: (x: np.Array, y: np.Array) => keep(np.subtract(x.ref, y.ref)),
  mul: (x: np.Array, y: np.Array | number) => keep(np.multiply(x.ref, reference(y))),
  sum: (x: np.Array, axis?: number) => keep(np.sum(x.ref, axis)),
  // nn.softmax leaves an array behind inside grad (0.1.25).
  softmax: (x: np.Array) => keep(np.exp(nn.logSoftmax(x.ref))),
  logSoftmax: (x: np.Array) => keep(nn.logSoftmax(x.ref)),
  gather: (x: np.Array, rows: number[]) => keep(np.take(x.ref, np.array(rows, { dtype: np.int32 }), 0)),
  clone: (x: np.Array) => keep(x.ref),
  zeros: (shape: number[]) => np.zeros(shape),
  dispose: (x: np.Array) => x.dispose(),
})

const reference = (x: np.Array | number) => (typeof x === 'number' ? x : x.ref)

/**
 * Gives `run` the operations that the tricks ask for, and frees what it made but does not return.
 *
 * As with `tf.tidy`, the arrays that went in stay the caller's, and so do those in the result, of any nesting.
 */
export function tidy<R>(run: (ops: ReturnType<typeof makeOps>) => R): R {
  const made: np.Array[] = []
  const ops = makeOps((x) => {
    made.push(x)
    return x
  })
  try {
    return tree.ref(run(ops) as tree.JsTree<np.Array>) as R
  } finally {
    // Reading an array frees it too, and unscale reads one.
    for (const x of made) if (x.refCount !== 0) x.dispose()
  }
}
