import { parseArgs } from 'node:util'
import { distance } from 'fastest-levenshtein'

/** Says what is wrong with a command line. */
export class UsageError extends Error {}

const options = {
  dir: { type: 'string' },
  version: { type: 'string' },
  gpu: { type: 'boolean' },
  cache: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const commands = { install: ['gpu', 'version', 'dir'], doctor: ['dir'], uninstall: ['cache', 'dir'] }

export interface Arguments {
  command: keyof typeof commands
  help: boolean
  dir?: string
  version?: string
  gpu?: boolean
  cache?: boolean
}

/** Reads a command line; refuses what it does not know and names what was probably meant. */
export function readArguments(args: string[]): Arguments {
  // Not strict: parseArgs explains itself in more than a sentence.
  const { tokens, values, positionals } = parseArgs({ args, options, strict: false, tokens: true })
  const [command = '', ...more] = positionals
  const help = values.help === true || args.length === 0 || command === 'help'
  if (!help && !(command in commands)) throw unknown('command', command, Object.keys(commands))
  if (!help && more[0]) throw new UsageError(`${command} takes no further word, got ${more[0]}.`)
  const allowed = help ? Object.keys(options) : [...commands[command as Arguments['command']], 'help']
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    if (!allowed.includes(token.name))
      throw unknown(
        `option of ${command || 'libtensorflow'}`,
        token.rawName,
        allowed.map((name) => `--${name}`),
      )
    checkValue(token.name as keyof typeof options, token.value)
  }
  return { ...values, command, help } as Arguments
}

function checkValue(name: keyof typeof options, value: string | undefined): void {
  const takesValue = options[name].type === 'string'
  if (takesValue && (value === undefined || value === '' || value.startsWith('-')))
    throw new UsageError(`--${name} needs a value.`)
  if (!takesValue && value !== undefined) throw new UsageError(`--${name} takes no value, got ${value}.`)
}

function unknown(what: string, word: string, known: string[]): UsageError {
  const [nearest] = known.map((name) => ({ name, away: distance(word, name) })).sort((a, b) => a.away - b.away)
  const hint = nearest && nearest.away <= 3 ? `did you mean ${nearest.name}?` : `known are ${known.join(', ')}.`
  return new UsageError(word === '' ? `A command is missing: ${hint}` : `Unknown ${what} ${word}: ${hint}`)
}
