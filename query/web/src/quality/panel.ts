// How well the panel speaks for each prefecture.
//
// In: a month, one of the two panels, a revision. Out: rows of `panel_monthly`, and of the tables beside it. The SQL is
// here in full, because the page shows it: who doubts a number asks for it again.

import { fetchJson } from '../server/ask'
import { sqlAddress } from '../data/tables'
import type { Language } from '../place/address'

/** `year`: what figures of ties are made of; `month`: what figures of visitors are made of. */
export type PanelName = 'year' | 'month'

export interface PanelRow {
  month: string
  area_code: string
  area: string
  area_romaji: string
  population: number
  population_base: string
  panel_devices: number | null
  coverage_percent: number | null
  persons_per_device: number
  weight_error_percent: number
  effective_devices: number | null
  quality: string | null
  status: string
  days_missing: number
  missing_days: string | null
}

export interface StandingRow {
  standing: string
  devices: number | null
  share_percent: number | null
  status: string
}

export interface ChangeRow {
  edition: number
  date: string
  first_month: string
  last_month: string
  reason: string
}

const COLUMNS = `month_text AS month, area_code, area, area_romaji, population, population_base, panel_devices,
       coverage_percent, persons_per_device, weight_error_percent, effective_devices, quality, status,
       days_missing, missing_days`

/** The rows of one month. */
export function monthSql(panel: PanelName, month: string): string {
  return `SELECT ${COLUMNS}
FROM panel_monthly
WHERE panel = '${panel}' AND month_text = '${month}'
ORDER BY area_code`
}

/** The last twelve months, to a month, of one area. */
export function areaSql(panel: PanelName, area: string, month: string): string {
  return `SELECT ${COLUMNS}
FROM panel_monthly
WHERE panel = '${panel}' AND area_code = '${area}' AND month_text <= '${month}'
ORDER BY month DESC
LIMIT 12`
}

export function standingSql(month: string): string {
  return `SELECT standing, devices, share_percent, status
FROM panel_coverage
WHERE month_text = '${month}'
ORDER BY share_percent DESC NULLS LAST, standing`
}

export const CHANGES_SQL = `SELECT edition, date, first_month, last_month, reason
FROM release_changes
ORDER BY edition DESC`

/** Rows of an answer to SQL of this page's own. */
export async function rowsOf<One>(
  sql: string,
  language: Language,
  revision: number | undefined,
): Promise<One[]> {
  const answer = await fetchJson<{ rows: One[] }>(sqlAddress(sql, 'json', revision), language)
  return answer.rows
}
