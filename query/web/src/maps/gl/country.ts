// All towns with one kind of people, from the release.
//
// In: the answer to `towns-by-kind`. Out: a frame by town, whose colour is by the released rate per 100 residents: counts
// would draw a map of where towns are large.

import type { Answer } from '../../server/types'
import { OF_RESIDENTS } from '../classes'
import { numberOf, peopleOf, type Figure } from './regions'
import type { Scale } from './scale'

export const KINDS = ['connected', 'visitor', 'repeat', 'dual_resident', 'workation'] as const
export type Kind = (typeof KINDS)[number]

export interface Country {
  /** By the code of the town. */
  figures: ReadonlyMap<string, Figure>
  scale: Scale
}

/** The towns of an answer. */
export function countryOf({ rows }: Answer, kind: Kind): Country {
  const figures = new Map<string, Figure>()
  for (const row of rows) {
    const value = numberOf(row['per_100_residents'])
    const low = numberOf(row['per_100_residents_low'])
    const high = numberOf(row['per_100_residents_high'])
    const rate = value === null ? {} : { rate: { value, low, high } }
    figures.set(String(row['municipality_code']), { ...peopleOf(row), density: value, ...rate })
  }
  return { figures, scale: { borders: OF_RESIDENTS[kind], unit: 'per_100' } }
}
