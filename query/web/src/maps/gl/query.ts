// A question in SQL for the map.
//
// In: SQL with values. Out: rows. The map asks the release tables themselves where no named question has what it
// needs; the console shows the same SQL, so that whoever doubts a colour can ask again.

import type { Language } from '../../place/address'
import { fetchJson } from '../../server/ask'
import type { Cell, Row } from '../../server/types'

/** The rows of a question. */
export async function query(
  sql: string,
  parameters: (string | number)[],
  language: Language,
  options: { revision?: number | undefined; signal?: AbortSignal } = {},
): Promise<Row[]> {
  const { revision, signal } = options
  const answer = await fetchJson<{ rows: Row[] }>('/v1/query', language, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sql, parameters, ...(revision === undefined ? {} : { rev: revision }) }),
    ...(signal === undefined ? {} : { signal }),
  })
  return answer.rows
}

/** A number of a row; what is no number is none, and never 0. */
export function numberOf(cell: Cell | undefined): number | null {
  return typeof cell === 'number' ? cell : null
}
