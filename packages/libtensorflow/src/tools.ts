import { lastLine, run } from './command'
import { findCompiler } from './compiler'
import type { Check } from './inspect'
import { checkMachine, thisMachine } from './machine'
import { findPython } from './python'

/** Tells whether TensorFlow's wheels fit this system. */
export function inspectSystem(machine = thisMachine()): Check {
  const value = `${machine.platform} ${machine.arch}, ${machine.glibc ? `glibc ${machine.glibc}` : 'no glibc'}`
  return { name: 'system', value, fix: complaintOf(() => checkMachine(machine)) }
}

/** Tells which Python and pip would fetch the wheels. */
export async function inspectPython(): Promise<Check> {
  const fix = complaintOf(findPython)
  if (fix) return { name: 'Python', value: 'none', fix }
  const { ok, output, complaint } = await run(findPython(), ['-m', 'pip', '--version'])
  if (!ok)
    return { name: 'Python', value: `${findPython()}, ${lastLine(complaint)}`, fix: 'apt-get install python3-pip' }
  // pip 23.2.1 from /usr/lib/python3/dist-packages/pip (python 3.11)
  const [, pip, python] = /^pip (\S+) from .*\(python (\S+)\)/.exec(output) ?? []
  return { name: 'Python', value: `${python} at ${findPython()}, pip ${pip}` }
}

/** Tells which compiler would compile the addon. */
export async function inspectCompiler(): Promise<Check> {
  const fix = complaintOf(findCompiler)
  if (fix) return { name: 'compiler', value: 'none', fix }
  const { output } = await run(findCompiler(), ['--version'])
  return { name: 'compiler', value: `${output.split('\n')[0]} at ${findCompiler()}` }
}

function complaintOf(look: () => unknown): string | undefined {
  try {
    look()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
