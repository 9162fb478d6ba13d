// What is asked for the page of a town.
//
// In: a question, the town, the month, and the towns that the reader chose to stand beside it. Out: the question with its
// values: the panel is that of the town's prefecture, and one town alone stands beside where a chart has room for one.

import type { Asking } from '../server/types'

/** A question about a town. */
export function askingOf(
  name: string,
  code: string,
  month: string | undefined,
  others: string[] = [],
): Asking {
  const when: Record<string, string> = month === undefined ? {} : { month }
  if (name === 'how-sure') return { name, parameters: { prefecture: code.slice(0, 2), ...when } }
  const parameters = { town: code, ...when }
  const [first] = others
  if (first === undefined) return { name, parameters }
  if (name === 'towns-compared') return { name, parameters: { ...parameters, others: others.join(',') } }
  return { name, parameters: name === 'stay-rate' ? { ...parameters, other: first } : parameters }
}
