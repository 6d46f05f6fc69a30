/** What is used of a stream; `process.stderr` and `process.stdout` have it all, a file only `write`. */
export interface TerminalStream {
  write(text: string): unknown
  isTTY?: boolean
  columns?: number
  hasColors?(): boolean
}

export interface Screen {
  /** Whether the last line can be drawn over. */
  readonly live: boolean
  width(): number
  /** Draws the live line, or prints it where there is none. */
  draw(line: string): void
  /** Prints a line that stays, above the live line. */
  print(line: string, style?: 'dim'): void
  close(): void
}

const CLEAR_LINE = '\r\x1b[2K'

/** A message may name a file, and a file's name may hold an escape sequence. */
const CONTROL = /\p{Cc}/gu

/** Keeps one line at the bottom of the terminal that is drawn over, and the lines above it. */
export function screen(stream: TerminalStream): Screen {
  const live = stream.isTTY === true && process.env.TERM !== 'dumb'
  // Node's own answer knows NO_COLOR, FORCE_COLOR and the terminal's name.
  const colours = live && stream.hasColors?.() === true
  let liveLine = ''

  function show(line: string): void {
    liveLine = line
    stream.write(
      CLEAR_LINE + (colours ? line.replace(/█+/, '\x1b[36m$&\x1b[39m').replace(/░+/, '\x1b[2m$&\x1b[22m') : line),
    )
  }

  function print(text: string, style?: 'dim'): void {
    const line = text.replace(CONTROL, '?')
    const styled = colours && style === 'dim' ? `\x1b[2m${line}\x1b[22m` : line
    if (liveLine === '') stream.write(`${styled}\n`)
    else {
      stream.write(`${CLEAR_LINE}${styled}\n`)
      show(liveLine)
    }
  }

  return {
    live,
    // A line as wide as the terminal makes some of them wrap. A pseudo-terminal without a size says 0.
    width: () => (live ? (stream.columns || 80) - 1 : Number.POSITIVE_INFINITY),
    draw: live ? show : print,
    print,
    close() {
      // The table above says all that the line did.
      if (liveLine !== '') stream.write(CLEAR_LINE)
      liveLine = ''
    },
  }
}
