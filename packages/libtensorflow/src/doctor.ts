import type { Check } from './inspect'

/** Lays checks out as one aligned table; `!!` marks what needs something done, which stands below it. */
export function formatChecks(checks: Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length))
  const row = (mark: string, name: string, text: string) => `${mark}  ${name.padEnd(width)}  ${text}`
  return checks
    .flatMap(({ name, value, fix }) =>
      fix ? [row('!!', name, value), row('  ', '', `→ ${fix}`)] : [row('  ', name, value)],
    )
    .join('\n')
}
