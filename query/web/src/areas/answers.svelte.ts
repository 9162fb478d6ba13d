// The answers that the page of a prefecture or of the country is made of.
//
// In: a code, a month and a revision. Out: reactive answers, the table's first, with what they were asked for. What is shown
// stays until what replaces it is there, so that the order of a table is kept from month to month; another area's goes at once.

import { known } from '../figures/known.svelte'
import type { Language } from '../place/address'
import { askAll, Failure, isAnswer } from '../server/ask'
import type { Answer, Asking } from '../server/types'
import type { Kind } from '../maps/classes'
import { townsAsking } from './towns.svelte'

export interface Wanted {
  code: string
  month: string | undefined
  revision: number | undefined
  language: Language
}

/** The question of a prefecture as a whole. */
export const OWN = 'prefecture-people'

/** What is asked for an area: the table, then its own people, or what else the country has. */
export function askedFor({ code, month }: Pick<Wanted, 'code' | 'month'>, kind: Kind): Asking[] {
  const when = month === undefined ? {} : { month }
  if (code !== '00') {
    const parameters = { prefecture: code, ...when }
    return [
      { name: 'prefecture-towns', parameters },
      { name: OWN, parameters },
    ]
  }
  return [
    { name: 'nation-prefectures', parameters: when },
    { name: 'national-goal', parameters: when },
    townsAsking(kind, when),
  ]
}

export class AreaAnswers {
  all = $state.raw<Answer[]>([])
  /** What the first of them was asked as, for its files. */
  asking = $state.raw<Asking>()
  isWaiting = $state(false)
  failure = $state.raw<unknown>()
  #code = ''
  #abort = new AbortController()

  /** The kind is that of the map of the country; another one is asked for by the map alone. */
  async show(wanted: Wanted, kind: Kind): Promise<void> {
    this.#abort.abort()
    this.#abort = new AbortController()
    const { signal } = this.#abort
    if (this.#code !== wanted.code) this.all = []
    this.#code = wanted.code
    this.isWaiting = true
    this.failure = undefined
    const { revision, language } = wanted
    const asked = askedFor(wanted, kind)
    try {
      const [answers] = await Promise.all([askAll(asked, language, { revision, signal }), known.load()])
      if (signal.aborted) return
      const [first] = answers
      if (first !== undefined && !isAnswer(first)) throw new Failure(first.status, first)
      this.all = answers.filter(isAnswer)
      this.asking = asked[0]
    } catch (error) {
      if (signal.aborted) return
      this.all = []
      this.failure = error
    }
    this.isWaiting = false
  }
}
