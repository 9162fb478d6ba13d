// The values of a named question, from the address or, where it says none, from the question's own example.

import type { QuestionDescription } from '../server/types'

/** What the question is asked with, and what of it stands in the address. */
export function valuesFor(
  question: QuestionDescription,
  town: string | undefined,
  month?: string,
): { parameters: Record<string, string>; view: { town?: string } } {
  const parameters: Record<string, string> = {}
  let chosen: string | undefined
  for (const { name, type, example } of question.parameters) {
    if (type === 'municipality') {
      chosen = town ?? example
      parameters[name] = chosen
    } else if (type === 'prefecture') {
      parameters[name] = town?.slice(0, 2) ?? example
      chosen ??= town
    } else if (type === 'month' && month !== undefined) {
      parameters[name] = month
    }
  }
  if (month !== undefined && question.parameters.every((one) => one.type !== 'month'))
    delete parameters['month']
  return { parameters, view: chosen === undefined ? {} : { town: chosen } }
}
