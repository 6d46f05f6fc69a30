import { color } from '../../../tools/chart/palette'
import type { Part, Parts } from './read-parts'

export const columnWidth = 180
export const columnHeight = 480

const box = { width: 78, height: 36, gap: 16 }
const middle = columnWidth / 2
const lanes = { branch: middle - 44, shortcut: middle + 44 }
const stemBottom = 244
/** Where the two ways meet. */
const meeting = 440

/** Draws one variant: its stem above, its block below; what the variant before has not is coloured. */
export function drawColumn(name: string, parts: Parts, before: Parts | undefined): string {
  const top = blockTop(parts)
  return [
    text(middle, 16, `ResNet-${name}`, { 'font-weight': 600, 'font-size': 14 }),
    lane(middle, stemBottom, parts.stem, before?.stem),
    text(middle, stemBottom + 12, 'three stages', { fill: color('faint') }),
    line(middle, stemBottom + 20, middle, top),
    fork(top),
    lane(lanes.branch, meeting, parts.branch, before?.branch),
    lane(lanes.shortcut, meeting, parts.shortcut, before?.shortcut),
    line(lanes.shortcut, top, lanes.shortcut, meeting - laneHeight(parts.shortcut)),
    join(),
  ].join('\n')
}

function blockTop({ branch }: Parts): number {
  return meeting - laneHeight(branch)
}

function laneHeight(parts: readonly Part[]): number {
  return parts.length * (box.height + box.gap)
}

/** Boxes above one another, the last one ending a gap above `bottom`, with a line through them. */
function lane(x: number, bottom: number, parts: readonly Part[], before: readonly Part[] | undefined): string {
  const top = bottom - laneHeight(parts)
  const boxes = parts.map((part, i) => {
    const y = top + box.gap + i * (box.height + box.gap) - box.gap / 2
    return drawBox(x, y, part, before !== undefined && !before.some((other) => same(other, part)))
  })
  return [line(x, top, x, bottom), ...boxes].join('\n')
}

function same(a: Part, b: Part): boolean {
  return a.kind === b.kind && a.size === b.size
}

function drawBox(x: number, y: number, { kind, size }: Part, isNew: boolean): string {
  const stroke = color(isNew ? 'ours' : 'peer')
  return `<rect x="${x - box.width / 2}" y="${y}" width="${box.width}" height="${box.height}" rx="4" fill="${color('paper')}" stroke="${stroke}" stroke-width="${isNew ? 2 : 1}"/>
${text(x, y + 15, kind, { fill: color('faint') })}
${text(x, y + 29, size, { 'font-weight': isNew ? 600 : 400 })}`
}

/** The input goes both ways. */
function fork(y: number): string {
  return line(lanes.branch, y, lanes.shortcut, y)
}

/** The two ways are summed, and the sum goes on. */
function join(): string {
  return `${line(lanes.branch, meeting, lanes.shortcut, meeting)}
${line(middle, meeting, middle, meeting + 34)}
<circle cx="${middle}" cy="${meeting}" r="9" fill="${color('paper')}" stroke="${color('faint')}"/>
${text(middle, meeting + 4, '+')}`
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${color('faint')}"/>`
}

function text(x: number, y: number, words: string, style: Record<string, string | number> = {}): string {
  const attributes = Object.entries({ 'text-anchor': 'middle', 'font-size': 11, fill: color('ink'), ...style })
  return `<text x="${x}" y="${y}" ${attributes.map(([name, value]) => `${name}="${value}"`).join(' ')}>${words}</text>`
}
