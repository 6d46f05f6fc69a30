/** What a message takes: seconds before its first byte, and bytes a second from then on. */
export interface Link {
  latency: number
  bandwidth: number
}

/** Seconds in which so many bytes are summed over all workers. */
export type Collective = (bytes: number) => number

/**
 * Each worker passes a piece on to its neighbour, 2(p − 1) times: 2(p − 1)/p · n/B + 2(p − 1) · α. No algorithm moves
 * fewer bytes (Patarasuk and Yuan, 2009, doi:10.1016/j.jpdc.2008.09.002); its messages grow with the workers.
 */
export function ring(workers: number, { latency, bandwidth }: Link): Collective {
  const messages = 2 * (workers - 1)
  return (bytes) => (messages / workers) * (bytes / bandwidth) + messages * latency
}

/** Sums go up a binary tree and come down again, whole: 2⌈log₂ p⌉ · (n/B + α). Few messages, many bytes. */
export function tree(workers: number, { latency, bandwidth }: Link): Collective {
  const levels = Math.ceil(Math.log2(workers))
  return (bytes) => 2 * levels * (bytes / bandwidth + latency)
}

/** A ring within each machine, and one of the machines, whose workers each bring a part of the bytes to it. */
export function hierarchical(
  workers: number,
  { within, machine, between }: { within: Link; machine: number; between: Link },
): Collective {
  const [inner, outer] = [ring(machine, within), ring(workers / machine, between)]
  return (bytes) => inner(bytes) + outer(bytes)
}
