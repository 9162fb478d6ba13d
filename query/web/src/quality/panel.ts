// How well the panel speaks for each prefecture.
//
// In: a month, an area, one of the two panels, a revision. Out: rows of named questions, which a server may answer to
// somebody whose own SQL it would refuse.

import type { Language } from '../place/address'
import { askOne } from '../server/ask'
import type { Asking, Words } from '../server/types'

/** `year`: what figures of ties are made of; `month`: what figures of visitors are made of. */
export type PanelName = 'year' | 'month'

/** A row of one area in one month and one panel. */
export interface PanelRow {
  month: string
  panel: PanelName
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

/** The same where the rows are of all areas, so that each says of which it is. */
export interface AreaRow extends PanelRow {
  area_code: string
  area: string
  area_romaji: string
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

export const CHANGES: Asking = { name: 'release-changes', parameters: {} }

/** All areas in one month. */
export function panelAsking(month: string): Asking {
  return { name: 'panel-prefectures', parameters: { month } }
}

/** The last twelve months, to a month, of a prefecture or of the country (`JP`). */
export function areaAsking(area: string, month: string): Asking {
  return area === 'JP'
    ? { name: 'how-sure-nation', parameters: { month } }
    : { name: 'how-sure', parameters: { prefecture: area, month } }
}

export function standingAsking(month: string): Asking {
  return { name: 'known-devices', parameters: { month } }
}

/** The area of an anchor (`#p20`, `#pJP`); nothing where no prefecture has the code, of which nobody need be asked. */
export function areaOf(anchor: string): string | undefined {
  return /^p(0[1-9]|[1-3][0-9]|4[0-7]|JP)$/.exec(anchor)?.[1]
}

/** The rows of one panel; answers have those of both. */
export function ofPanel<One extends { panel: PanelName }>(rows: readonly One[], panel: PanelName): One[] {
  return rows.filter((row) => row.panel === panel)
}

/** Months newest first: who opens an area looks for the newest. */
export function newestFirst<One extends { month: string }>(rows: readonly One[]): One[] {
  return [...rows].sort((one, other) => other.month.localeCompare(one.month))
}

/** The rows of a question, whose columns are those of `One`, and what it says in words. */
export async function rowsOf<One>(
  asking: Asking,
  language: Language,
  revision: number | undefined,
): Promise<{ rows: One[]; sentence: Words | undefined }> {
  const { rows, sentence } = await askOne(asking, language, { revision })
  return { rows: rows as One[], sentence }
}
