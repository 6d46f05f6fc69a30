// tfjs-node 4.22 calls `util.isNullOrUndefined`, which Node 22 deprecates and 23 removed, and `util.isArray`, which is deprecated.
import util from 'node:util'

Object.assign(util, {
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  isArray: Array.isArray,
})
