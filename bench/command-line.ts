import { type ParseArgsConfig, parseArgs } from 'node:util'

/** Wrong use: ends with exit code 2 and its sentence alone. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** What went wrong at run time and is said in a sentence: exit code 1 without a stack. */
export class BenchError extends Error {
  override name = 'BenchError'
}

/** Parses flags; an unknown one, or a stray word, is wrong use. */
export function parseFlags<T extends NonNullable<ParseArgsConfig['options']>>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: false }).values
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

export function wholeNumber(flag: string, text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= 1) return value
  throw new UsageError(`${flag} must be a positive whole number, got ${text}`)
}

export function oneOf<const T extends string>(flag: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((each) => each === text)
  if (choice !== undefined) return choice
  throw new UsageError(`${flag} must be ${choices.join(' or ')}, got ${text}`)
}
