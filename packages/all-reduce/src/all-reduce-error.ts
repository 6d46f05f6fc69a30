/** Thrown when ranks cannot work together: no library, another launcher's library, other arguments on other ranks. */
export class AllReduceError extends Error {
  override name = 'AllReduceError'
}
