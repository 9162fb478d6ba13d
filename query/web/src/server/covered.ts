// How many months people of ties were counted in.
//
// In: a release and a month. Out: twelve, or fewer while the data are young. Only figures that are not final can have
// fewer, so that of other months nothing is asked.

import { fetchJson } from './ask'
import type { Release, Row } from './types'

/** The months that a figure of ties looks back on, by the definition. */
export const WHOLE = 12

/** The months that the figures of a month look back on; the whole where that cannot be had. */
export async function monthsCovered(
  release: Release | undefined,
  month: string | undefined,
): Promise<number> {
  const state = release?.unfinished_months.find((one) => one.month === month)
  if (release === undefined || month === undefined || state?.status !== 'provisional') return WHOLE
  const address = `/v1/tables/connected_monthly/rows?month=${month}&limit=1&format=json&rev=${release.revision}`
  const rows = await fetchJson<{ rows: Row[] }>(address, 'ja').then(
    (answer) => answer.rows,
    () => [],
  )
  const covered = rows[0]?.['window_months']
  return typeof covered === 'number' && covered > 0 ? covered : WHOLE
}
