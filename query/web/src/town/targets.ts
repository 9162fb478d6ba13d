// What a town aims at, as it is written and taken away.
//
// In: what an officer fills in. Out: requests to `/v1/kpi`, and what the server said of them. Which change the town's
// figures could show at all is the server's `sight`; the page puts it in words and computes nothing.

import type { Language } from '../place/address'
import { Failure, fetchJson } from '../server/ask'

export const LEVELS = ['KGI', 'KSI', 'KPI'] as const
export const KINDS = [
  'connected',
  'visitor',
  'repeat',
  'dual_resident',
  'workation',
  'satellite_office',
] as const
export const DIRECTIONS = ['at_least', 'at_most'] as const

export interface NewTarget {
  town: string
  name: string
  level: (typeof LEVELS)[number]
  kind: (typeof KINDS)[number]
  direction: (typeof DIRECTIONS)[number]
  fiscal_year: number
  persons: number
  baseline_fiscal_year?: number
}

/** What the newest figure says of a target. */
export type Sight =
  | {
      sight: 'seen'
      persons: number
      persons_low: number
      persons_high: number
      recognized_change: number
      is_target_in_sight: boolean
    }
  | { sight: 'below_sight'; status: string; ask_instead: string | null }

/** Why nothing was written: somebody else may, or the server's own words. */
export type Refused = 'officer' | { said: Failure }

/** Writes a target, and says what its figure could show. */
export async function addTarget(target: NewTarget, language: Language): Promise<Sight> {
  const written = await fetchJson<{ sight: Sight }>('/v1/kpi', language, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(target),
  })
  return written.sight
}

/** Takes a target away; the answer has no content. */
export async function removeTarget(town: string, number: number): Promise<void> {
  let response: Response
  try {
    response = await fetch(`/v1/kpi/${town}/${number}`, { method: 'DELETE', credentials: 'same-origin' })
  } catch {
    throw new Failure(0, { error: 'the server cannot be reached', error_ja: 'サーバーに接続できません。' })
  }
  if (!response.ok) throw new Failure(response.status, { error: String(response.status) })
}

export function refusedBy(error: unknown): Refused {
  if (error instanceof Failure)
    return error.status === 401 || error.status === 403 ? 'officer' : { said: error }
  return { said: new Failure(0, { error: error instanceof Error ? error.message : String(error) }) }
}

/** The fiscal year, April to March, in which a month lies. */
export function fiscalYearOf(month: string): number {
  const [year, number] = month.split('-').map(Number)
  return (year ?? 0) - ((number ?? 4) < 4 ? 1 : 0)
}
