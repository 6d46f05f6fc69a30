import { LibtensorflowError } from './errors'

export interface Machine {
  platform: string
  arch: string
  /** Version of the GNU C library; undefined with another one, such as musl. */
  glibc: string | undefined
}

// The wheels are built for this one.
const oldestGlibc = [2, 27] as const

/** Tells what TensorFlow's wheels ask about: system, architecture, C library. */
export function thisMachine(): Machine {
  // Without this a report looks up the names of all open connections.
  Object.assign(process.report, { excludeNetwork: true })
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } }
  return { platform: process.platform, arch: process.arch, glibc: header.glibcVersionRuntime }
}

/** Refuses a machine that TensorFlow's Linux wheels were not built for. */
export function checkMachine({ platform, arch, glibc }: Machine): void {
  if (platform !== 'linux' || arch !== 'x64') {
    throw new LibtensorflowError(
      `TensorFlow's libraries are taken from its wheels for Linux on x64, and this is ${platform} on ${arch}: run it in a Linux x64 container or machine.`,
    )
  }
  if (glibc === undefined) {
    throw new LibtensorflowError(
      'TensorFlow needs the GNU C library and this system has another one (musl, as Alpine Linux does): use a glibc image such as node:22-bookworm.',
    )
  }
  const [major = 0, minor = 0] = glibc.split('.').map(Number)
  if (major < oldestGlibc[0] || (major === oldestGlibc[0] && minor < oldestGlibc[1])) {
    throw new LibtensorflowError(
      `TensorFlow needs glibc ${oldestGlibc.join('.')} or newer and this system has ${glibc}: use a newer distribution.`,
    )
  }
}
