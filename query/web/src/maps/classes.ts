// Which colour a figure has on a map.
//
// In: a kind of people, what it is counted by, and a figure. Out: one of five classes, or what stands instead of a figure.
// The borders of the classes are round and fixed for each kind, so that the maps of two months, two prefectures or two
// revisions may be laid beside each other. They double, or nearly so: of towns, a tenth to a third falls into each class
// but the highest, which a few towns with many guests and few residents have to themselves.

/** A figure as it is released. */
export interface Figure {
  value: number | null
  low: number | null
  high: number | null
  status: string
}

/** The kinds of people that are shown by town and by prefecture. */
export const KINDS = ['connected', 'visitor', 'dual_resident'] as const
export type Kind = (typeof KINDS)[number]

/** What a map is coloured by: people, or people for each 100 residents. */
export type Measure = 'persons' | 'per_100_residents'
export type Level = 'towns' | 'prefectures'

/** A class from 1 to 5, `withheld`, or `none` where there is nothing to withhold. */
export type Look = 1 | 2 | 3 | 4 | 5 | 'withheld' | 'none'

type Borders = [number, number, number, number]

const OF_PERSONS: Record<Level, Record<Kind, Borders>> = {
  towns: {
    connected: [3_000, 10_000, 30_000, 100_000],
    visitor: [30_000, 100_000, 300_000, 1_000_000],
    dual_resident: [1_000, 1_500, 2_000, 3_000],
  },
  prefectures: {
    connected: [500_000, 1_000_000, 2_000_000, 4_000_000],
    visitor: [5_000_000, 7_000_000, 10_000_000, 20_000_000],
    dual_resident: [5_000, 10_000, 20_000, 40_000],
  },
}

/** People per 100 residents of towns, for the kinds that map mode has as well. */
export const OF_RESIDENTS: Record<Kind | 'repeat' | 'workation', Borders> = {
  connected: [50, 100, 200, 400],
  visitor: [500, 1_000, 2_000, 4_000],
  repeat: [100, 200, 400, 800],
  dual_resident: [0.5, 1, 2, 4],
  workation: [0.5, 1, 2, 4],
}

/** Where one class ends and the next begins. */
export function borders(kind: Kind, measure: Measure, level: Level): Borders {
  return measure === 'persons' ? OF_PERSONS[level][kind] : OF_RESIDENTS[kind]
}

/** States whose figures are not shown, which a map hatches. */
export const WITHHELD: readonly string[] = ['hidden', 'rolled_up']

/** How a figure looks. A status that hides is hatched, whatever its reason; one without data is not. */
export function lookOf(figure: Figure | undefined, borders: Borders): Look {
  if (figure === undefined) return 'none'
  const { value, status } = figure
  if (value === null) return WITHHELD.includes(status) ? 'withheld' : 'none'
  const above = borders.filter((border) => value >= border).length
  return (above + 1) as Look
}
