// Node 23 removed `util.isNullOrUndefined`, which tfjs-node 4.22 calls.
import util from 'node:util'

const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean }
legacy.isNullOrUndefined ??= (value) => value === null || value === undefined
