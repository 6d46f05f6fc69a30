import { randomBytes } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import { AllReduceError } from '../all-reduce-error'
import type { Transport } from '../transport'
import { openLifeline } from './lifeline'
import type { Guard } from './start-guard'

/** Lets the guards of all ranks find that of rank 0. `patience` in seconds. */
export async function watchOverAll(guard: Guard, ranks: Transport, patience: number): Promise<void> {
  const { rank, host } = ranks
  const share = async <T>(value: T) =>
    (await ranks.exchange(JSON.stringify(value))).map((text) => JSON.parse(text) as T)
  const hosts = await share(host)
  const token = randomBytes(16).toString('hex')
  const opened = rank === 0 ? await attempt(guard.listen({ token, hosts, patience: 1000 * patience })) : {}
  const [hub] = await share({ port: opened.value, token, addresses: addressesFor(hosts) })
  const joined = await attempt(join(guard, rank, hub!))
  const failures = (await share(opened.failure ?? joined.failure ?? null)).filter((failure) => failure !== null)
  // On every rank, whichever it was.
  if (failures.length > 0) throw new AllReduceError(`${failures[0]}. connect({ guard: false }) does without guards`)
}

interface HubPlace {
  /** None where it could not be opened. */
  port?: number
  token: string
  addresses: string[]
}

async function join(guard: Guard, rank: number, { port, token, addresses }: HubPlace): Promise<void> {
  if (port === undefined) return
  const host = rank === 0 ? '127.0.0.1' : await guard.join({ port, token, addresses })
  await openLifeline(rank, { host, port, token })
}

async function attempt<T>(work: Promise<T>): Promise<{ value?: T; failure?: string }> {
  return await work.then(
    (value) => ({ value }),
    (error: Error) => ({ failure: error.message }),
  )
}

/** Where others reach this machine; nobody else needs to where all are on it. */
function addressesFor(hosts: readonly string[]): string[] {
  if (new Set(hosts).size === 1) return ['127.0.0.1']
  const external = Object.values(networkInterfaces()).flatMap((all) => all!.filter(({ internal }) => !internal))
  return external.filter(({ family }) => family === 'IPv4').map(({ address }) => address)
}
