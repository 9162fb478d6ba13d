// A simple chart of any answer, if there is one.
//
// In: columns and rows of SQL that nobody foresaw. Out: what to draw along what, or nothing when no chart would be
// plain: then the table is the answer. A row must be the only one of its bar or point, since nothing is added up here.

import type { Spec } from '../figures/spec'
import type { Unit } from '../figures/units'
import type { Row } from '../server/types'
import { isFigure } from '../words/columns'

/** Bars that one can still read. */
const MOST_BARS = 40
/** Lines that one can still tell apart. */
const MOST_LINES = 4

export function guess(columns: { name: string; type: string }[], rows: Row[]): Spec | undefined {
  if (rows.length < 2 || rows.length > 400) return undefined
  const names = columns.map(({ name }) => name)
  const value = names.find((name) => isFigure(name) && rows.some((row) => typeof row[name] === 'number'))
  if (value === undefined) return undefined
  const texts = names
    .filter((name) => !/status|_code$|quality|ask_instead/.test(name))
    .filter((name) => rows.every((row) => typeof row[name] === 'string'))
    .map((name) => ({ name, count: new Set(rows.map((row) => row[name])).size }))
    .filter(({ count }) => count > 1)
  const months = texts.find(({ name }) => name === 'month' || name === 'month_text')
  const category = months ?? texts.toSorted((one, other) => other.count - one.count)[0]
  if (category === undefined) return undefined
  const kind = months === undefined ? 'bar' : 'line'
  const others = texts.filter((one) => one !== category && one.count <= MOST_LINES)
  const split = [undefined, ...others].find((one) => isOnly(rows, category.name, one?.name))
  if (split === undefined && !isOnly(rows, category.name)) return undefined
  if (kind === 'bar' && rows.length > MOST_BARS) return undefined
  const state = names.includes(`${value}_status`) ? `${value}_status` : 'status'
  const [low, high] = [`${value}_low`, `${value}_high`]
  return {
    question: '',
    kind,
    category: category.name,
    figure: names.includes(low) && names.includes(high) ? [value, low, high] : [value],
    unit: unitOf(value),
    status: state,
    ...(split === undefined ? {} : { [kind === 'line' ? 'series' : 'facet']: split.name }),
  }
}

/** What a column counts, by its name; an index says nothing of a unit. */
function unitOf(column: string): Unit {
  if (/percent/.test(column)) return 'percent'
  if (/per_100/.test(column)) return 'per_100'
  if (/nights/.test(column)) return 'person_nights'
  return /^(persons.*|person_municipalities|visitor|connected|repeat|dual_resident|workation|commuters)$/.test(
    column,
  )
    ? 'people'
    : 'index'
}

/** Whether each row is the only one of its category and part. */
function isOnly(rows: Row[], category: string, part?: string): boolean {
  const keys = rows.map((row) => `${row[category]}\u0000${part === undefined ? '' : row[part]}`)
  return new Set(keys).size === rows.length
}
