// The answers that a town's page shows, all of one release.
//
// In: a town, a month and a revision. Out: reactive answers; the six cards first, the sections after them. What is shown
// stays until what replaces it is there, so that a change of the month does not flash. The release of the first answer is
// kept for all that follow; when an answer comes from another one, nothing is mixed: `newer` says so, and the reader
// decides.

import type { Language } from '../place/address'
import { askAll, Failure, fetchJson, isAnswer } from '../server/ask'
import type { Answer, Asking, Refusal, Release } from '../server/types'
import { questionsTogether } from './sections'

export interface Wanted {
  code: string
  month: string | undefined
  /** Of the address; without one the newest. */
  revision: number | undefined
  language: Language
}

/** The six cards. */
export interface Cards {
  code: string
  summary: Answer
  trend: Answer | undefined
  /** The month of the figures. */
  month: string | undefined
  revision: number | undefined
}

type Answers = ReadonlyMap<string, Answer | Refusal>

/** Answers by question. The map is never changed, only replaced, so that it need not be reactive itself. */
function kept(answers: [string, Answer | Refusal][]): Answers {
  return new Map(answers)
}

function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error
  return new Failure(0, { error: error instanceof Error ? error.message : String(error) })
}

/** A refusal as a failure. */
export function refused(one: Refusal): Failure {
  const { status, error, error_ja, hint } = one
  return new Failure(status, {
    error,
    ...(error_ja === undefined ? {} : { error_ja }),
    ...(hint === undefined ? {} : { hint }),
  })
}

export class TownAnswers {
  cards = $state.raw<Cards>()
  sections = $state.raw<Answers>()
  /** The town and month of `sections`. */
  sectionsOf = $state('')
  isWaiting = $state(false)
  failure = $state.raw<Failure>()
  sectionsFailure = $state.raw<Failure>()
  /** A release that was published while the page was open. */
  newer = $state<number>()

  #abort = new AbortController()

  /** Shows another town or month. */
  async show(wanted: Wanted): Promise<void> {
    this.#abort.abort()
    this.#abort = new AbortController()
    const { signal } = this.#abort
    if (this.cards !== undefined && this.cards.code !== wanted.code) this.#forget()
    const revision = wanted.revision ?? this.cards?.revision
    this.isWaiting = true
    this.failure = undefined
    this.sectionsFailure = undefined
    try {
      const cards = await this.#askCards(wanted, revision, signal)
      if (cards === undefined) return
      this.cards = cards
      await this.#askSections(wanted, cards, signal)
    } catch (error) {
      if (signal.aborted) return
      this.failure = failureOf(error)
    } finally {
      if (!signal.aborted) this.isWaiting = false
    }
    if (!signal.aborted && wanted.revision === undefined) await this.#lookForNewer()
  }

  /** Leaves the release that is shown for the newest. */
  takeNewer(wanted: Wanted) {
    this.#forget()
    void this.show({ ...wanted, revision: undefined })
  }

  #forget() {
    this.cards = undefined
    this.sections = undefined
    this.newer = undefined
  }

  async #askCards(
    wanted: Wanted,
    revision: number | undefined,
    signal: AbortSignal,
  ): Promise<Cards | undefined> {
    const parameters = parametersOf(wanted.code, wanted.month)
    const names = ['town-summary', 'town-trend']
    const asked = names.map((name): Asking => ({ name, parameters }))
    const [summary, trend] = await askAll(asked, wanted.language, { revision, signal })
    if (summary === undefined) throw new Failure(500, { error: 'the answer is empty' })
    if (!isAnswer(summary)) throw refused(summary)
    if (this.#isOther(summary, this.cards?.revision)) return undefined
    const month = summary.rows[0]?.['month']
    return {
      code: wanted.code,
      summary,
      trend: trend !== undefined && isAnswer(trend) ? trend : undefined,
      month: wanted.month ?? (typeof month === 'string' ? month.slice(0, 7) : undefined),
      revision: summary.revision,
    }
  }

  async #askSections(wanted: Wanted, cards: Cards, signal: AbortSignal): Promise<void> {
    const { code, month, revision } = cards
    const asked = questionsTogether().map((name) => askingOf(name, code, month))
    const answers: [string, Answer | Refusal][] = []
    try {
      const all = await askAll(asked, wanted.language, { revision, signal })
      if (all.some((one) => isAnswer(one) && this.#isOther(one, revision))) return
      asked.forEach(({ name }, index) => {
        const one = all[index]
        if (one !== undefined) answers.push([name, one])
      })
      if (cards.trend !== undefined) answers.push(['town-trend', cards.trend])
      this.sections = kept(answers)
      this.sectionsOf = `${code}/${month ?? ''}`
      const beside = await this.#askBeside(wanted, cards, this.sections, signal)
      if (beside !== undefined) this.sections = kept([...answers, ['stay-rate', beside]])
    } catch (error) {
      if (!signal.aborted) this.sectionsFailure = failureOf(error)
    }
  }

  /** The question that sets a second town beside this one: that which the reader chose, else the most like it. */
  async #askBeside(
    { language }: Wanted,
    { code, month, revision }: Cards,
    answers: Answers,
    signal: AbortSignal,
  ): Promise<Answer | Refusal | undefined> {
    const peers = answers.get('peers')
    const rows = peers !== undefined && isAnswer(peers) ? peers.rows : []
    const other = rows.find((row) => row['peer_rank'] === 1)?.['municipality_code']
    if (typeof other !== 'string') return undefined
    const asking = askingOf('stay-rate', code, month, other)
    const [answer] = await askAll([asking], language, { revision, signal })
    return answer !== undefined && isAnswer(answer) && this.#isOther(answer, revision) ? undefined : answer
  }

  /** Whether an answer is of another release than what is shown; then the page says so and keeps what it has. */
  #isOther(answer: Answer, revision: number | undefined): boolean {
    if (revision === undefined || answer.revision === undefined || answer.revision === revision) return false
    this.newer = answer.revision
    return true
  }

  async #lookForNewer() {
    try {
      const newest = await fetchJson<Release>('/v1/release', 'ja')
      const shown = this.cards?.revision
      if (shown !== undefined && newest.revision > shown) this.newer = newest.revision
    } catch {
      // Whether there is a newer release is no reason to trouble anybody.
    }
  }
}

function parametersOf(code: string, month: string | undefined): Record<string, string> {
  return month === undefined ? { town: code } : { town: code, month }
}

/** What is asked for a town's page; the panel is that of its prefecture. */
export function askingOf(name: string, code: string, month: string | undefined, other?: string): Asking {
  if (name === 'how-sure') {
    const prefecture = code.slice(0, 2)
    return { name, parameters: month === undefined ? { prefecture } : { prefecture, month } }
  }
  const parameters = parametersOf(code, month)
  return { name, parameters: other === undefined ? parameters : { ...parameters, other } }
}
