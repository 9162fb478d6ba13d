// Asking the server.
//
// In: names of questions and values. Out: answers, or a `Failure` that can be shown. Addresses are those of this server
// alone. All questions of a view go in one request and are of one release, so that figures beside each other fit.

import type { Language } from '../place/address'
import type { Answer, Asking, Refusal } from './types'

/** Why something could not be had, as the server said it, or that it was not reached. */
export class Failure extends Error {
  constructor(
    readonly status: number,
    readonly said: { error: string; error_ja?: string; hint?: string },
  ) {
    super(said.error)
  }
}

/** A document of the server. */
export async function fetchJson<Document>(
  address: string,
  language: Language,
  options: RequestInit = {},
): Promise<Document> {
  let response: Response
  try {
    const headers = { 'accept-language': language, accept: 'application/json', ...options.headers }
    response = await fetch(address, { credentials: 'same-origin', ...options, headers })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Failure(0, { error: 'the server cannot be reached', error_ja: 'サーバーに接続できません。' })
  }
  if (!response.ok) throw new Failure(response.status, await said(response))
  return (await response.json()) as Document
}

async function said(response: Response): Promise<Failure['said']> {
  try {
    return (await response.json()) as Failure['said']
  } catch {
    return { error: `${response.status} ${response.statusText}` }
  }
}

/** Whether a place of a batch was answered. */
export function isAnswer(one: Answer | Refusal): one is Answer {
  return 'rows' in one
}

/** Several named questions in one request, all of one release; in the order in which they are asked. */
export function askAll(
  questions: Asking[],
  language: Language,
  options: { revision?: number | undefined; signal?: AbortSignal } = {},
): Promise<(Answer | Refusal)[]> {
  const revision = options.revision === undefined ? '' : `?rev=${options.revision}`
  return fetchJson<(Answer | Refusal)[]>(`/v1/questions${revision}`, language, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(questions),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
}

/** One named question alone; a refusal is thrown as a `Failure`. */
export async function askOne(
  asking: Asking,
  language: Language,
  options: { revision?: number | undefined; signal?: AbortSignal } = {},
): Promise<Answer> {
  const [one] = await askAll([asking], language, options)
  if (one === undefined) throw new Failure(500, { error: 'the answer is empty' })
  if (!isAnswer(one)) throw new Failure(one.status, one)
  return one
}

/** The forms that people open in Excel; in Japanese with Japanese heads. Programs ask for the others. */
export function formFor(form: string, language: Language): string {
  return language === 'ja' && (form === 'csv-excel' || form === 'xlsx') ? `${form}-ja` : form
}

/** The address of one question's answer, for a download in a form, or for a link. */
export function answerAddress(asking: Asking, revision?: number, format?: string): string {
  const parameters = new URLSearchParams(asking.parameters)
  if (revision !== undefined) parameters.set('rev', String(revision))
  if (format !== undefined) parameters.set('format', format)
  const query = parameters.toString()
  return `/v1/questions/${asking.name}${query === '' ? '' : `?${query}`}`
}
