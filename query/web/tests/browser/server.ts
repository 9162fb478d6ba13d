// What the tests know of the server before they open a page.
//
// In: the server of `KAYOI_URL`. Out: its release, its towns, and towns of a kind, chosen anew from what is published:
// a test that named a town would pass or fail by the data and not by the page.

import type { Municipality, Release, Row, StatusWords } from '../../src/server/types'
import { SITE } from './browser'

async function got<Document>(path: string): Promise<Document> {
  const response = await fetch(SITE + path)
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Document
}

export const release = () => got<Release>('/v1/release')

export async function municipalities(): Promise<Municipality[]> {
  return (await got<{ municipalities: Municipality[] }>('/v1/municipalities')).municipalities
}

/** Rows of an answer to SQL, by HTTP. */
export async function rows(sql: string): Promise<Row[]> {
  return (await got<{ rows: Row[] }>(`/v1/query?${new URLSearchParams({ sql })}`)).rows
}

const NEWEST = "SELECT max(month) FROM connected_monthly WHERE status = 'published'"

async function codes(sql: string): Promise<string[]> {
  return (await rows(sql)).map((row) => String(row['municipality_code']))
}

/** Towns with a figure of connected people in the newest month, the largest first. */
export function townsWithFigures(): Promise<string[]> {
  return codes(`SELECT municipality_code FROM connected_monthly
    WHERE kind = 'connected' AND origin_code = 'all' AND persons IS NOT NULL AND month = (${NEWEST})
    ORDER BY persons DESC, municipality_code`)
}

/** Towns whose connected people are hidden in the newest month, those with the fewest figures first. */
export function hiddenTowns(): Promise<string[]> {
  return codes(`SELECT municipality_code FROM connected_monthly
    WHERE origin_code = 'all' AND month = (${NEWEST})
      AND kind IN ('visitor', 'connected', 'repeat', 'dual_resident', 'workation')
    GROUP BY municipality_code HAVING count(CASE WHEN kind = 'connected' AND status = 'hidden' THEN 1 END) > 0
    ORDER BY count(persons), municipality_code`)
}

/** Towns where some kinds of people have a figure and others are hidden. */
export function halfHiddenTowns(): Promise<string[]> {
  return codes(`SELECT municipality_code FROM connected_monthly
    WHERE origin_code = 'all' AND month = (${NEWEST}) AND kind IN ('visitor', 'connected', 'dual_resident')
    GROUP BY municipality_code HAVING count(persons) > 0 AND count(persons) < 3 ORDER BY municipality_code`)
}

/** The town with figures whose population is nearest to a number. */
export async function townOf(population: number): Promise<string> {
  const shown = new Set(await townsWithFigures())
  const some = (await municipalities()).filter((town) => shown.has(town.code))
  some.sort(
    (one, other) =>
      Math.abs(one.population_2020 - population) - Math.abs(other.population_2020 - population) ||
      one.code.localeCompare(other.code),
  )
  return first(some.map((town) => town.code))
}

/** A month for which nothing is computed yet. */
export async function emptyMonth(): Promise<string> {
  const { months } = await release()
  const all = await rows(
    "SELECT month_text, count(persons) AS figures FROM connected_monthly WHERE origin_code = 'all' GROUP BY month_text",
  )
  const figures = new Map(all.map((row) => [row['month_text'], row['figures']]))
  return first(months.filter((month) => (figures.get(month) ?? 0) === 0))
}

/** Words of states in Japanese, by state. */
export async function stateWords(): Promise<Map<string, string>> {
  const { statuses } = await got<{ statuses: StatusWords[] }>('/v1/statuses')
  return new Map(statuses.map((one) => [one.status, one.word.ja]))
}

/** Whether a row of that state has no value of its own. */
export function isWithout(status: unknown): status is string {
  return typeof status === 'string' && WITHOUT.has(status)
}

const WITHOUT = new Set(['rolled_up', 'hidden', 'not_observed', 'not_computed'])

export function first(some: string[]): string {
  const [one] = some
  if (one === undefined) throw new Error('the release has no such town')
  return one
}

/** Numbers that look random and are the same for the same seed (mulberry32), so that a failure can be seen again. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Some of a list, each at most once. */
export function pick<One>(from: readonly One[], count: number, next: () => number): One[] {
  const left = [...from]
  const picked: One[] = []
  while (picked.length < count && left.length > 0)
    picked.push(...left.splice(Math.floor(next() * left.length), 1))
  return picked
}

/** The seed of this run: of `KAYOI_SEED`, else of the day, so that other towns are looked at tomorrow. */
export const SEED = Number(process.env.KAYOI_SEED ?? Math.floor(Date.now() / 86_400_000))
