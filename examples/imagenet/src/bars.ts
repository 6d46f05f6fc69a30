/** One class and how probable it is. */
export interface Guess {
  class: string
  probability: number
}

const longestBar = 30
/** `100.0 %` and the spaces before and after it. */
const figure = 9

/** Draws guesses as lines of at most `width` columns: name, percentage, bar. Where room is short the bar goes, then the name's end. */
export function renderBars(guesses: readonly Guess[], width: number): string[] {
  const indent = '  '
  const longest = Math.max(...guesses.map((guess) => [...guess.class].length))
  const names = Math.max(Math.min(longest, width - indent.length - figure), 1)
  const bar = Math.min(width - indent.length - names - figure, longestBar)
  return guesses.map(({ class: name, probability }) => {
    const percent = `${(100 * probability).toFixed(1).padStart(5)} %`
    return `${indent}${fitted(name, names)} ${percent} ${'█'.repeat(Math.round(bar * probability))}`.trimEnd()
  })
}

function fitted(name: string, width: number): string {
  const characters = [...name]
  if (characters.length > width) return `${characters.slice(0, width - 1).join('')}…`
  return name + ' '.repeat(width - characters.length)
}
