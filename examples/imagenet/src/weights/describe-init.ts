import type { Init } from './init'

/** Says what a training begins with, in a line. */
export function describeInit({ file, sha256, head, freeze }: Omit<Init, 'path'>): string {
  return [
    `${file} (${sha256.slice(0, 12)})`,
    head === 'keep' ? 'its last layer too' : 'a new last layer',
    ...(freeze.length > 0 ? [`${freeze.join(', ')} as loaded, batch norm by its stored statistics`] : []),
    'zero γ off: it would wipe them',
  ].join('; ')
}
