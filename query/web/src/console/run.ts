// Running SQL.
//
// In: SQL, and a signal that stops it. Out: rows to show, how many there are, how long it took, and of which release.
// A reader sees a thousand rows; a file holds the rest. So the answer is read as it comes and given up when it grows
// beyond what a page can use, instead of filling the memory of the browser with it.

import type { Language } from '../place/address'
import { Failure } from '../server/ask'
import type { Row } from '../server/types'

/** Rows that are shown. */
export const SHOWN = 1000
/** How much of an answer is read, in characters. A thousand rows of the widest table are a tenth of it. */
const MOST = 8_000_000

export interface Ran {
  columns: { name: string; type: string }[]
  rows: Row[]
  /** How many rows the answer has; nothing where it was given up. */
  count: number | undefined
  seconds: number
  revision: number | undefined
}

/** A failure with the place in the SQL, in characters from 1. */
export class SqlFailure extends Failure {
  constructor(
    status: number,
    override readonly said: Failure['said'] & { position?: number; sqlstate?: string },
  ) {
    super(status, said)
  }
}

interface Body {
  columns: Ran['columns']
  rows: Row[]
  row_count?: number
}

/** The address of an answer to SQL, as a file. */
export function sqlAddress(sql: string, format: string, revision?: number): string {
  const parameters = new URLSearchParams({ sql, format })
  if (revision !== undefined) parameters.set('rev', String(revision))
  return `/v1/query?${parameters.toString()}`
}

export async function run(
  sql: string,
  language: Language,
  options: { revision?: number | undefined; signal: AbortSignal },
): Promise<Ran> {
  const began = performance.now()
  const address = options.revision === undefined ? '/v1/query' : `/v1/query?rev=${options.revision}`
  let response: Response
  try {
    response = await fetch(address, {
      method: 'POST',
      body: sql,
      headers: { 'content-type': 'application/sql', accept: 'application/json', 'accept-language': language },
      credentials: 'same-origin',
      signal: options.signal,
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new SqlFailure(0, {
      error: 'the server cannot be reached',
      error_ja: 'サーバーに接続できません。',
    })
  }
  if (!response.ok) {
    const said = (await response.json().catch(() => undefined)) as SqlFailure['said'] | undefined
    throw new SqlFailure(response.status, said ?? { error: `${response.status} ${response.statusText}` })
  }
  const { text, isWhole } = await read(response)
  const body = isWhole ? (JSON.parse(text) as Body) : beginning(text)
  const revision = Number(response.headers.get('kayoi-revision'))
  return {
    columns: body.columns,
    rows: body.rows.slice(0, SHOWN),
    count: isWhole ? (body.row_count ?? body.rows.length) : undefined,
    seconds: (performance.now() - began) / 1000,
    revision: Number.isInteger(revision) && revision > 0 ? revision : undefined,
  }
}

async function read(response: Response): Promise<{ text: string; isWhole: boolean }> {
  const reader = response.body?.getReader()
  if (reader === undefined) return { text: await response.text(), isWhole: true }
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return { text: text + decoder.decode(), isWhole: true }
    text += decoder.decode(value, { stream: true })
    if (text.length > MOST) {
      await reader.cancel()
      return { text, isWhole: false }
    }
  }
}

/** The whole rows of an answer whose end is missing: cut after a row, and closed. */
export function beginning(text: string): Body {
  let end = text.length
  // A text of a row may hold the same three signs, so that a cut may be none; the one before it is tried then.
  for (let tries = 0; tries < 50; tries += 1) {
    end = text.lastIndexOf('},{', end - 1)
    if (end < 0) break
    try {
      return JSON.parse(`${text.slice(0, end + 1)}]}`) as Body
    } catch {
      continue
    }
  }
  return { columns: [], rows: [] }
}
