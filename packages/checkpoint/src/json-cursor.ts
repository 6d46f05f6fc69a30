export interface JsonCursor {
  /** Reads an object; `onKey` must read the value of each key. Names the key that comes twice. */
  object(onKey: (key: string) => void): void
  /** Reads an array of whole numbers from 0 up. */
  integers(): number[]
  string(): string
  /** Nothing but white space may be left. */
  end(): void
}

/**
 * Reads JSON by demand: what the caller does not ask for is an error.
 *
 * `JSON.parse` keeps the last of two equal keys in silence and builds whatever a hostile file nests, gigabytes of it;
 * a reader that knows what comes next does neither.
 */
export function jsonCursor(text: string, fail: (problem: string) => never): JsonCursor {
  let at = 0

  function peek(): string | undefined {
    while (at < text.length && ' \n\r\t'.includes(text[at]!)) at++
    return text[at]
  }

  function skip(token: string): boolean {
    if (peek() !== token) return false
    at++
    return true
  }

  function expect(token: string): void {
    if (!skip(token)) fail(`expected ${token} at character ${at}, got ${describe(text, at)}`)
  }

  function list(close: string, item: () => void): void {
    if (skip(close)) return
    do item()
    while (skip(','))
    if (!skip(close)) fail(`expected , or ${close} at character ${at}, got ${describe(text, at)}`)
  }

  function string(): string {
    const start = at
    expect('"')
    while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
    expect('"')
    return parseString(text.slice(start, at).trimStart()) ?? fail(`no valid string at character ${start}`)
  }

  function integer(): number {
    peek()
    const digits = /^(?:0|[1-9]\d{0,20})(?!\d)/.exec(text.slice(at, at + 23))?.[0]
    const value = Number(digits)
    if (!Number.isSafeInteger(value)) {
      fail(`expected a whole number from 0 to 2^53 - 1 at character ${at}, got ${describe(text, at)}`)
    }
    at += digits!.length
    return value
  }

  return {
    string,
    object(onKey) {
      const seen = new Set<string>()
      expect('{')
      list('}', () => {
        const key = string()
        if (seen.has(key)) fail(`${JSON.stringify(key)} appears twice`)
        seen.add(key)
        expect(':')
        onKey(key)
      })
    },
    integers() {
      const values: number[] = []
      expect('[')
      list(']', () => values.push(integer()))
      return values
    },
    end: () => void (peek() !== undefined && fail(`expected nothing more at character ${at}`)),
  }
}

/** undefined for bad escapes, control characters, and halves of surrogate pairs, which UTF-8 cannot hold. */
function parseString(literal: string): string | undefined {
  try {
    const value = JSON.parse(literal) as string
    return /\p{Surrogate}/u.test(value) ? undefined : value
  } catch {
    return undefined
  }
}

function describe(text: string, at: number): string {
  return at < text.length ? JSON.stringify(text.slice(at, at + 12)) : 'the end'
}
