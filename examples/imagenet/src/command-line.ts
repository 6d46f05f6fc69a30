import { parseArgs } from 'node:util'
import { distance } from 'fastest-levenshtein'
import { UsageError } from './errors'

/** One flag. A flag without a `hint` takes no value. */
export interface Flag {
  hint?: string
  help: string
  /** May be given several times. */
  multiple?: boolean
}

/** One command of the program: a file of `commands/` each. */
export interface Command {
  name: string
  /** What follows the name, as shown by `--help`. */
  usage: string
  summary: string
  flags: Readonly<Record<string, Flag>>
  /** Takes words that are no flags. */
  takesWords?: boolean
  /** Gives the exit code. */
  run(flags: Flags, words: readonly string[]): Promise<number>
}

/** Flags as given; nothing is converted yet. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/** Picks the command and reads its flags; unknown words are refused with the nearest known one. */
export function parseCommandLine(args: readonly string[], commands: readonly Command[], standard: string) {
  const named = args[0] !== undefined && !args[0].startsWith('-')
  const name = named ? args[0]! : standard
  const command = commands.find((candidate) => candidate.name === name)
  if (!command) {
    throw new UsageError(
      `There is no command ${quote(name)}${nearest(
        name,
        commands.map((c) => c.name),
      )}`,
    )
  }
  const rest = named ? args.slice(1) : [...args]
  return { command, help: rest.includes('--help') || rest.includes('-h'), ...parseFlags(command, rest) }
}

function parseFlags(command: Command, args: string[]): { flags: Flags; words: string[] } {
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([name, { hint, multiple = false }]) => [
      name,
      { type: hint ? ('string' as const) : ('boolean' as const), multiple },
    ]),
  )
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true })
  for (const token of tokens) {
    if (token.kind === 'positional' && !command.takesWords) {
      throw new UsageError(`${command.name} does not know what to do with ${quote(token.value)}`)
    }
    if (token.kind !== 'option' || token.name === 'help' || token.name === 'h') continue
    const flag = command.flags[token.name]
    if (!flag) {
      const known = Object.keys(command.flags).map((name) => `--${name}`)
      throw new UsageError(`${command.name} has no flag ${token.rawName}${nearest(token.rawName, known)}`)
    }
    const given = token.value !== undefined && !(token.value.startsWith('--') && !token.inlineValue)
    if (flag.hint && !given) throw new UsageError(`${token.rawName} needs a value: ${token.rawName} ${flag.hint}`)
    if (!flag.hint && token.inlineValue) throw new UsageError(`${token.rawName} takes no value`)
  }
  const { values, positionals } = parseArgs({ args, options, strict: false, allowPositionals: true })
  return { flags: values as Flags, words: positionals }
}

/** Reads a flag that must be a number within bounds; `fallback` where it was not given. */
export function numberFlag<T>(flags: Flags, name: string, fallback: T, { min = 1, integer = true } = {}): number | T {
  const text = flags[name]
  if (text === undefined) return fallback
  const value = Number(text)
  if (text === '' || !Number.isFinite(value) || value < min || (integer && !Number.isSafeInteger(value))) {
    throw new UsageError(
      `--${name} must be ${integer ? 'a whole number' : 'a number'} of at least ${min}, got ${quote(text)}`,
    )
  }
  return value
}

/** Reads a flag that must be one of a few words; `fallback` where it was not given. */
export function choiceFlag<T extends string>(flags: Flags, name: string, choices: readonly T[], fallback: T): T {
  const text = (flags[name] ?? fallback) as T
  if (choices.includes(text)) return text
  throw new UsageError(`--${name} must be one of ${choices.join(', ')}, got ${quote(text)}${nearest(text, choices)}`)
}

/** Ends a sentence about an unknown word: `: did you mean mixup?`, or the known ones where none is near. */
export function nearest(word: string, known: readonly string[]): string {
  const [best] = [...known].sort((a, b) => distance(word, a) - distance(word, b))
  const near = best !== undefined && distance(word, best) <= Math.max(2, word.length / 3)
  return near ? `: did you mean ${best}?` : `: known are ${known.join(', ')}`
}

/** Puts quotes around what a user wrote. */
export function quote(value: unknown): string {
  return JSON.stringify(value) ?? String(value)
}
