// The answers that a town's page shows, all of one release.
//
// In: a town, a month and a revision. Out: reactive answers; the six cards first, the sections after them. What is shown
// stays until what replaces it is there, so that a change of the month does not flash. The release of the first answer is
// kept for all that follow; when an answer comes from another one, nothing is mixed: `newer` says so, and the reader
// decides. Other towns beside this one change few of the answers, and only those are asked anew.

import type { Language } from '../place/address'
import { othersOf } from '../place/versus'
import { askAll, Failure, fetchJson, isAnswer } from '../server/ask'
import { knownPlaces } from '../server/facts'
import type { Answer, Refusal, Release } from '../server/types'
import { askingOf } from './asking'
import { questionBeside, questionsTogether } from './sections'

export interface Wanted {
  code: string
  month: string | undefined
  /** Of the address; without one the newest. */
  revision: number | undefined
  language: Language
  /** The towns of the address that are to stand beside it. */
  versus: string[]
}

/** Whether nothing but the towns beside differs. */
function isAsBefore(one: Wanted, other: Wanted): boolean {
  const { code, month, revision, language } = other
  return one.code === code && one.month === month && one.revision === revision && one.language === language
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

/** Those of the wanted towns that there are. Without the register, which the page can do without, the server decides. */
export async function chosenOthers({ code, versus }: Pick<Wanted, 'code' | 'versus'>): Promise<string[]> {
  if (versus.length === 0) return []
  const register = await knownPlaces().then(
    ({ municipalities }) => municipalities,
    () => [],
  )
  return othersOf(code, versus, register)
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
  /** What all that is shown was asked for. */
  #shown: Wanted | undefined

  /** Shows another town or month, or other towns beside it. */
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
      const before = this.#shown
      const isOthers =
        before !== undefined && isAsBefore(before, wanted) && `${before.versus}` !== `${wanted.versus}`
      if (!isOthers) this.#shown = undefined
      const cards = isOthers ? this.cards : await this.#askCards(wanted, revision, signal)
      if (cards === undefined) return
      this.cards = cards
      await this.#askSections(wanted, cards, isOthers, signal)
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
    this.#shown = undefined
  }

  async #askCards(
    wanted: Wanted,
    revision: number | undefined,
    signal: AbortSignal,
  ): Promise<Cards | undefined> {
    const names = ['town-summary', 'town-trend']
    const asked = names.map((name) => askingOf(name, wanted.code, wanted.month))
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

  /** All questions below the cards, or those alone which the towns beside change. */
  async #askSections(wanted: Wanted, cards: Cards, isOthers: boolean, signal: AbortSignal): Promise<void> {
    const { code, month, revision, trend } = cards
    try {
      const others = await chosenOthers(wanted)
      const beside = questionBeside(others.length > 0)
      const names = isOthers ? [beside] : questionsTogether(others.length > 0)
      const asked = names.map((name) => askingOf(name, code, month, others))
      const all = await askAll(asked, wanted.language, { revision, signal })
      if (all.some((one) => isAnswer(one) && this.#isOther(one, revision))) return
      const before = isOthers ? this.sections : undefined
      const answers = [...(before ?? [])].filter(([name]) => name !== questionBeside(others.length === 0))
      all.forEach((one, index) => answers.push([names[index] ?? one.name, one]))
      if (trend !== undefined) answers.push(['town-trend', trend])
      this.sections = kept(answers)
      this.sectionsOf = `${code}/${month ?? ''}`
      const second = await this.#askSecond(wanted, cards, others, signal)
      const rest = [...this.sections].filter(([name]) => name !== 'stay-rate')
      this.sections = kept(second === undefined ? rest : [...rest, ['stay-rate', second]])
      this.#shown = wanted
    } catch (error) {
      if (!signal.aborted) this.sectionsFailure = failureOf(error)
    }
  }

  /** The question that sets a second town beside this one: the first that the reader chose, else the most like it. */
  async #askSecond(
    { language }: Wanted,
    { code, month, revision }: Cards,
    others: string[],
    signal: AbortSignal,
  ): Promise<Answer | Refusal | undefined> {
    const peers = this.sections?.get('peers')
    const rows = peers !== undefined && isAnswer(peers) ? peers.rows : []
    const other = others[0] ?? rows.find((row) => row['peer_rank'] === 1)?.['municipality_code']
    if (typeof other !== 'string') return undefined
    const asking = askingOf('stay-rate', code, month, [other])
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
