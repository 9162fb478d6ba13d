// One figure of a row: its value and interval, or what stands in their place.
//
// In: a row, and the names of its columns. Out: a `Shown`. A figure that is rolled up carries the value of the coarser
// group and that group's name; a hidden one carries nothing, since nothing else is released of it.

import type { Language } from '../place/address'
import type { Row } from '../server/types'
import { monthName } from '../words/numbers'
import { valueWords } from '../words/values'
import type { Ends, Unit } from './units'

export interface Shown {
  status: string
  unit: Unit
  /** The row's own value. */
  own: Ends | undefined
  /** The value of a coarser group, and which one. */
  rolled: (Ends & { to: string }) | undefined
  fewerThan: number | undefined
}

function number(row: Row, column: string): number | null {
  const cell = row[column]
  return typeof cell === 'number' ? cell : null
}

function ends(row: Row, value: string, low: string, high: string): Ends | undefined {
  const middle = number(row, value)
  return middle === null ? undefined : { value: middle, low: number(row, low), high: number(row, high) }
}

/** The figure of a row of `town-summary` or `town-trend`. */
export function shownOf(row: Row): Shown {
  const rolled = ends(row, 'rolled_up_value', 'rolled_up_low', 'rolled_up_high')
  const to = row['rolled_up_to']
  return {
    status: String(row['status'] ?? ''),
    unit: row['unit'] === 'percent' ? 'percent' : 'people',
    own: ends(row, 'value', 'value_low', 'value_high'),
    rolled: rolled === undefined ? undefined : { ...rolled, to: typeof to === 'string' ? to : '' },
    fewerThan: number(row, 'fewer_than') ?? undefined,
  }
}

/** The name of what a value was rolled up to: a group of places, or a time. */
export function rungName(to: string, language: Language): string {
  const known = valueWords('rolled_up_to', to) ?? valueWords('origin', to)
  if (known !== undefined) return known[language]
  const quarter = /^([0-9]{4})-Q([1-4])$/.exec(to)
  if (quarter !== null) {
    const first = (Number(quarter[2]) - 1) * 3 + 1
    if (language === 'ja') return `${quarter[1]}年${first}〜${first + 2}月`
    return `${monthName(`${quarter[1]}-${String(first).padStart(2, '0')}`, 'en').split(' ')[0]}–${monthName(`${quarter[1]}-${String(first + 2).padStart(2, '0')}`, 'en')}`
  }
  if (/^[0-9]{4}$/.test(to)) return language === 'ja' ? `${to}年` : to
  const fiscal = /^([0-9]{4})年度$/.exec(to)
  if (fiscal !== null) return language === 'ja' ? to : `fiscal ${fiscal[1]}`
  return to
}
