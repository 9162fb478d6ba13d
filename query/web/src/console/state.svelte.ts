// What the console asks and has been answered.
//
// In: SQL, or a question by its name. Out: reactive state of one run at a time: a new one stops the one before.

import type { Language } from '../place/address'
import { fetchJson, answerAddress } from '../server/ask'
import type { Answer, QuestionDescription } from '../server/types'
import { valuesFor, type Said } from './named'
import { run, SHOWN, SqlFailure, type Ran } from './run'

export class Console {
  /** What stands in the editor. */
  text = $state('')
  /** What was asked last, to which answer and failure belong. */
  sent = $state('')
  ran = $state.raw<Ran>()
  /** The named question whose answer is shown. */
  named = $state.raw<Answer>()
  failure = $state.raw<SqlFailure>()
  isRunning = $state(false)
  isStopped = $state(false)
  #stop: AbortController | undefined
  /** What stood in the editor when a named question was asked, or came with its answer: nothing that somebody wrote for it. */
  #given: string | undefined
  /** Whether what runs, or ran last, is a named question. */
  #isNamed = false

  /** Whether the SQL in the editor is still that of the named question. */
  get isAsNamed() {
    return this.text === this.#given
  }

  /** Runs what stands in the editor. */
  async runText(language: Language, revision: number | undefined) {
    const sql = this.text
    this.#isNamed = false
    await this.#follow(async (signal) => {
      const ran = await run(sql, language, { revision, signal })
      return { ran, named: undefined, sql }
    })
  }

  /** Asks a named question, whose SQL comes into the editor. */
  async runNamed(
    question: QuestionDescription,
    said: Said & { revision?: number | undefined },
    language: Language,
  ) {
    const { parameters } = valuesFor(question, said)
    if (this.named?.name !== question.name) this.#forget()
    this.#given = this.text
    this.#isNamed = true
    await this.#follow(async (signal) => {
      const began = performance.now()
      const address = answerAddress({ name: question.name, parameters }, said.revision)
      const answer = await fetchJson<Answer>(address, language, { signal })
      const seconds = (performance.now() - began) / 1000
      const { columns, rows, revision } = answer
      const ran = { columns, rows: rows.slice(0, SHOWN), count: rows.length, seconds, revision }
      return { ran, named: answer, sql: answer.sql }
    })
  }

  /** Gives up what runs. */
  stop() {
    this.#stop?.abort()
    if (this.isRunning && this.#isNamed) this.#forget()
    this.isStopped = this.isRunning
    this.isRunning = false
  }

  /** What is shown is of another question or other values: neither it nor its SQL may stand under the new ones. */
  #forget() {
    if (this.text === this.named?.sql) this.text = this.#given = ''
    this.ran = undefined
    this.named = undefined
  }

  async #follow(ask: (signal: AbortSignal) => Promise<{ ran: Ran; named: Answer | undefined; sql: string }>) {
    this.#stop?.abort()
    const stop = new AbortController()
    this.#stop = stop
    this.isRunning = true
    this.isStopped = false
    this.failure = undefined
    this.sent = this.text
    try {
      const { ran, named, sql } = await ask(stop.signal)
      if (stop.signal.aborted) return
      // Only now: SQL of a question that was left meanwhile must not come under another one.
      if (named !== undefined) this.text = this.#given = sql
      Object.assign(this, { ran, named, sent: sql, isRunning: false })
    } catch (error) {
      if (stop.signal.aborted) return
      this.isRunning = false
      if (this.#isNamed) this.#forget()
      this.ran = undefined
      this.named = undefined
      this.failure = failureOf(error)
    }
  }
}

function failureOf(error: unknown): SqlFailure {
  if (error instanceof SqlFailure) return error
  if (error instanceof Error && 'said' in error && 'status' in error)
    return new SqlFailure(Number(error.status), error.said as SqlFailure['said'])
  return new SqlFailure(0, { error: String(error) })
}
