import ts from 'typescript'

export interface Snippet {
  /** Line of the README on which the code begins. */
  line: number
  code: string
}

const fence = /(?:<!-- setup\n([\s\S]*?)\n-->\s*)?```(?:ts|js)\n([\s\S]*?)```/g

/** Finds the ts and js fences of a README, each with the hidden set-up in front of it. */
export function findSnippets(readme: string): Snippet[] {
  return [...readme.matchAll(fence)].map((match) => {
    const [whole, setup = '', code = ''] = match
    const line = readme.slice(0, match.index + whole.lastIndexOf(code)).split('\n').length
    return { line, code: `${setup}\n${code}` }
  })
}

/**
 * Rewrites `expression // => value` into a check.
 *
 * A declaration with a value is checked too: `const y = f() // => 3` checks `y`.
 */
export function instrument(code: string): string {
  const source = ts.createSourceFile('snippet.ts', code, ts.ScriptTarget.Latest, true)
  const edits: { end: number; start: number; text: string }[] = []
  for (const statement of source.statements) {
    const [, expected] = /^[ \t]*\/\/ => (.*)/.exec(code.slice(statement.end)) ?? []
    if (expected === undefined) continue
    if (ts.isExpressionStatement(statement)) {
      const expression = statement.expression.getText()
      edits.push({
        start: statement.getStart(),
        end: statement.end,
        text: `await __check((${expression}), (${expected}))`,
      })
    } else if (ts.isVariableStatement(statement)) {
      const name = statement.declarationList.declarations.at(-1)!.name.getText()
      const text = `${statement.getText()}\nawait __check((${name}), (${expected}))`
      edits.push({ start: statement.getStart(), end: statement.end, text })
    } else throw new Error(`a value is shown after a statement that has none: ${statement.getText()}`)
  }
  // Every arrow must have become a check: one inside a function body would be decoration.
  const shown = code.match(/\/\/ => /g)?.length ?? 0
  if (shown !== edits.length) throw new Error(`${shown} values are shown and ${edits.length} can be checked`)
  return edits.reduceRight((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), code)
}
