import type { Command } from './command-line'

const imagenet = 'pnpm imagenet'

/** Lists the commands. */
export function renderHelp(commands: readonly Command[], standard: string): string {
  return [
    'Trains, evaluates and tries ResNet on images, with the tricks of Bag of Tricks.',
    '',
    `  ${imagenet}${' '.repeat(28)}= ${imagenet} ${standard}, on bundled digits`,
    ...rows(commands.map(({ name, usage, summary }) => [`${imagenet} ${name} ${usage}`.trim(), summary])),
    '',
    `${imagenet} COMMAND --help shows the flags of a command.`,
  ].join('\n')
}

/** Shows how one command of a program is called. */
export function renderCommandHelp({ name, usage, summary, flags }: Command, program = imagenet): string {
  const lines = Object.entries(flags).map(([flag, { hint, help }]) => [`--${flag}${hint ? ` ${hint}` : ''}`, help])
  return [`${program} ${name} ${usage}`.trim(), '', summary, '', ...rows(lines)].join('\n')
}

function rows(pairs: string[][]): string[] {
  const width = Math.max(...pairs.map(([left]) => left!.length))
  return pairs.map(([left, right]) => `  ${left!.padEnd(width)}  ${right}`)
}
