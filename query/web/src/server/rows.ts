// One row of a release table, for what is known of a whole table by it.

import { fetchJson } from './ask'
import type { Row } from './types'

interface Where {
  /** A month such as `2026-10`, or `all`; without it the newest final one. */
  month?: string
  revision?: number | undefined
}

/** The address of a table's first row. */
export function firstRowAt(table: string, { month, revision }: Where): string {
  const parameters = new URLSearchParams({ limit: '1', format: 'json' })
  if (month !== undefined) parameters.set('month', month)
  if (revision !== undefined) parameters.set('rev', String(revision))
  return `/v1/tables/${table}/rows?${parameters.toString()}`
}

/** The row at an address; nothing where there is none. */
export async function rowAt(address: string): Promise<Row | undefined> {
  const { rows } = await fetchJson<{ rows: Row[] }>(address, 'ja')
  return rows[0]
}
