import { type Content, type Html, html, table } from './html'
import { flattened, valueText } from './values'

/** A field of the recipe that is not as in the paper it follows. */
export interface Difference {
  /** Its path, such as `rate.base`. */
  field: string
  here: unknown
  paper: unknown
}

/** Shows the recipe, and, where differences are given, what the paper has instead. */
export function recipeTable(
  recipe: Readonly<Record<string, unknown>>,
  differences?: readonly Difference[],
): Html | undefined {
  const fields = flattened(recipe)
  if (fields.length === 0) return undefined
  if (differences === undefined) {
    const content = fields.map(([path, value]) => [path, valueText(value)])
    return table('Recipe', ['field', 'value'], content)
  }
  const paper = new Map(differences.map((difference) => [difference.field, difference]))
  const rows = fields.map(([path, value]) => row(path, value, paper.get(path)))
  const unknown = differences.filter(({ field }) => !fields.some(([path]) => path === field))
  const more = unknown.map((difference) => row(difference.field, difference.here, difference))
  return table(caption(differences.length), ['field', 'here', 'the paper'], [...rows, ...more])
}

function row(path: string, value: unknown, difference: Difference | undefined): Content[] {
  if (difference === undefined) return [path, valueText(value), '']
  return [path, html`<strong class="differs">${valueText(value)}</strong>`, valueText(difference.paper)]
}

function caption(count: number): string {
  if (count === 0) return 'Recipe: as in the paper'
  return `Recipe: ${count} field${count === 1 ? '' : 's'} not as in the paper`
}
