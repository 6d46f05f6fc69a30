/**
 * Sets what MPI needs inside Node, before its library is loaded and reads it; what is set already stays.
 *
 * UCX tries out if it notices when the heap grows, by growing it, and takes memory away from threads of Node that use it then:
 * one start in a hundred crashed.
 */
export function prepareEnvironment(env: Record<string, string | undefined>): void {
  env.UCX_MEM_EVENTS ??= 'n'
}
