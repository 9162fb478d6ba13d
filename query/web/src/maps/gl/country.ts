// All towns with one kind of people, from the release.
//
// In: a kind and a month. Out: a frame by town, whose colour is by the released rate per 100 residents: counts would
// draw a map of where towns are large.

import type { Language } from '../../place/address'
import { OF_RESIDENTS } from '../classes'
import { numberOf, query } from './query'
import type { Figure } from './regions'
import type { Scale } from './scale'

export const KINDS = ['connected', 'visitor', 'repeat', 'dual_resident', 'workation'] as const
export type Kind = (typeof KINDS)[number]

export interface Country {
  /** By the code of the town. */
  figures: ReadonlyMap<string, Figure>
  scale: Scale
}

export function countrySql(kind: Kind, month: string): string {
  return `SELECT town.municipality_code, town.persons, town.persons_low, town.persons_high, town.status, town.fewer_than,
       rank.per_100_residents, rank.per_100_residents_low, rank.per_100_residents_high
FROM connected_monthly AS town
LEFT JOIN ranks_monthly AS rank
  ON rank.month = town.month AND rank.municipality_code = town.municipality_code AND rank.kind = town.kind
WHERE town.month_text = '${month}' AND town.kind = '${kind}' AND town.origin_level = 'all'
ORDER BY rank.per_100_residents DESC NULLS LAST, town.municipality_code`
}

export async function countryOf(
  kind: Kind,
  month: string,
  language: Language,
  options: { revision?: number | undefined; signal?: AbortSignal } = {},
): Promise<Country> {
  const sql = countrySql(kind, month)
  const figures = new Map<string, Figure>()
  for (const row of await query(sql, [], language, options)) {
    const rate = numberOf(row['per_100_residents'])
    figures.set(String(row['municipality_code']), {
      value: numberOf(row['persons']),
      low: numberOf(row['persons_low']),
      high: numberOf(row['persons_high']),
      status: String(row['status']),
      fewerThan: numberOf(row['fewer_than']),
      density: rate,
      ...(rate === null
        ? {}
        : {
            rate: {
              value: rate,
              low: numberOf(row['per_100_residents_low']),
              high: numberOf(row['per_100_residents_high']),
            },
          }),
    })
  }
  return { figures, scale: { borders: OF_RESIDENTS[kind], unit: 'per_100' } }
}
