// The values of a named question, from the address or, where it says none, from the question's own example.

import type { View } from '../place/address'
import type { Parameter, QuestionDescription } from '../server/types'

/** What an address says that a question may take. */
export type Said = { [Name in 'town' | 'month' | 'kind' | 'versus']?: View[Name] | undefined }

/** What of it an address carries for a question. */
type Kept = Pick<View, 'town' | 'kind' | 'versus'>

/** What the question is asked with, what of it stands in the address, and whose place is only an example. */
export function valuesFor(
  question: QuestionDescription,
  { town: place, month, kind, versus }: Said,
): { parameters: Record<string, string>; view: Kept; example: string | undefined } {
  // The address may name a prefecture in the place of a town.
  const town = place !== undefined && place.length > 2 ? place : undefined
  // Every question takes a month, which its list of parameters does not name.
  const parameters: Record<string, string> = month === undefined ? {} : { month }
  // Also beside a question without a place, so that the next one is of the same.
  const view: Kept = place === undefined ? {} : { town: place }
  let own: string | undefined
  let exampled: string | undefined
  for (const parameter of question.parameters) {
    const { name, type, example } = parameter
    if (type === 'municipality' && own === undefined) {
      own = parameters[name] = town ?? example
      if (town === undefined) exampled = example
    } else if (type === 'municipality' || type === 'municipalities') {
      // A second town, or several, stand beside the first.
      const others = beside(example, own, versus)
      view.versus = type === 'municipality' ? others.slice(0, 1) : others
      parameters[name] = view.versus.join(',')
    } else if (type === 'prefecture') {
      parameters[name] = place?.slice(0, 2) ?? example
      if (place === undefined) exampled = example
    } else if (parameter.allowed !== undefined) {
      parameters[name] = view.kind = valueOf(parameter, kind)
    }
  }
  return { parameters, view, example: exampled }
}

/** A value of a closed list: that of the address where the list has it. */
export function valueOf({ allowed = [], example }: Parameter, kind: string | undefined): string {
  return allowed.find(({ value }) => value === kind)?.value ?? example
}

/** The towns beside one: those of the address, else those of the example. */
function beside(example: string, own: string | undefined, versus: string[] = []): string[] {
  const chosen = versus.filter((code) => code !== own)
  return chosen.length > 0 ? chosen : example.split(',').filter((code) => code !== own)
}
