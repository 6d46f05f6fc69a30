import { type Architecture, architectures } from './architectures'
import { expectedTensors } from './expected-tensors'

/** What is there, or what should be: tensors by name. */
export type Shapes = ReadonlyMap<string, { readonly shape: readonly number[] }>

/** Says what keeps tensors from being those that are expected: missing, left over, of another shape. Nothing where they fit. */
export function misfits(found: Shapes, expected: Shapes): string[] {
  const missing = [...expected.keys()].filter((name) => !found.has(name))
  const left = [...found.keys()].filter((name) => !expected.has(name))
  const bent = [...expected]
    .map(([name, { shape }]) => ({ name, shape, got: found.get(name)?.shape }))
    .filter(({ shape, got }) => got !== undefined && `${got}` !== `${shape}`)
    .map(({ name, shape, got }) => `${name} must be [${shape.join(', ')}], got [${got!.join(', ')}]`)
  return [
    ...(missing.length > 0 ? [`missing: ${shorten(missing, [...expected.keys()])}`] : []),
    ...(left.length > 0 ? [`left over: ${shorten(left, [...found.keys()])}`] : []),
    ...(bent.length > 0 ? [list(bent)] : []),
  ]
}

/** Finds the network whose state dict these tensors are, if it is one. */
export function recognise(found: Shapes): string | undefined {
  const classes = found.get('fc.bias')?.shape[0]
  if (classes === undefined) return undefined
  const fits = (architecture: Architecture) => misfits(found, expectedTensors(architecture, classes)).length === 0
  return [...architectures].find(([, architecture]) => fits(architecture))?.[0]
}

/** Names as few as say all: `layer3.6.*` where every tensor below it is among them. */
function shorten(names: readonly string[], all: readonly string[]): string {
  const chosen = new Set(names)
  const whole = (prefix: string) => {
    const below = all.filter((name) => name.startsWith(`${prefix}.`))
    return below.length > 1 && below.every((name) => chosen.has(name))
  }
  const covering = names.map((name) => {
    const parts = name.split('.')
    const prefixes = parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('.'))
    const prefix = prefixes.find(whole)
    return prefix === undefined ? name : `${prefix}.*`
  })
  return list([...new Set(covering)])
}

const shown = 16

function list(items: readonly string[]): string {
  const rest = items.length - shown
  return items.slice(0, shown).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
