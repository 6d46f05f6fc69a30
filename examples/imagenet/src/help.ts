import type { Command } from './command-line'

const program = 'pnpm imagenet'

/** Lists the commands. */
export function renderHelp(commands: readonly Command[], standard: string): string {
  return [
    'Trains, evaluates and tries ResNet on images, with the tricks of Bag of Tricks.',
    '',
    `  ${program}${' '.repeat(28)}= ${program} ${standard}, on bundled digits`,
    ...rows(commands.map(({ name, usage, summary }) => [`${program} ${name} ${usage}`.trim(), summary])),
    '',
    `${program} COMMAND --help shows the flags of a command.`,
  ].join('\n')
}

/** Shows how one command is called. */
export function renderCommandHelp({ name, usage, summary, flags }: Command): string {
  const lines = Object.entries(flags).map(([flag, { hint, help }]) => [`--${flag}${hint ? ` ${hint}` : ''}`, help])
  return [`${program} ${name} ${usage}`.trim(), '', summary, '', ...rows(lines)].join('\n')
}

function rows(pairs: string[][]): string[] {
  const width = Math.max(...pairs.map(([left]) => left!.length))
  return pairs.map(([left, right]) => `  ${left!.padEnd(width)}  ${right}`)
}
