// How an answer is drawn, and what of it.
//
// In: an answer and a `Spec`, which names columns. Out: `Mark`s, one for each bar or point, in the order of the chart. A
// mark without a value keeps its state: it is drawn as a hatch with the state's word and never as 0. Nothing is
// computed here; rows are chosen, named and put in order.

import type { Language } from '../place/address'
import type { Answer, Cell, Row, Words } from '../server/types'
import { cellText } from './cells'
import type { Readings } from './readings'
import type { Unit } from './units'

export interface Spec {
  question: string
  kind: 'bar' | 'line' | 'strip' | 'table'
  /** The column of the bars' names, or along which a line runs. */
  category: string
  /** Columns of the figure and of the ends of its interval. */
  figure: [value: string, low?: string, high?: string]
  unit: Unit
  /** The column of a lower end that has no upper one beside it. */
  least?: string
  /** The column of what is aimed at. */
  target?: string
  /** A column whose word comes before the bar's name. */
  beside?: string
  /** A column whose word follows the bar's figure. */
  verdict?: string
  /** The column of the state; by default the value's own `…_status`, or else `status`. */
  status?: string
  /** A small chart for each value of this column. */
  facet?: string
  /** A line for each value of this column. */
  series?: string
  /** Values that a column must have to be drawn; `!x` is any but `x`. The table has all rows. */
  only?: Record<string, string[]>
  /** Categories in the order of the chart; others follow as they come. */
  order?: string[]
  /** By what the rows are in order, where the figures themselves do not show it. */
  ordered?: Words
  /** As many bars in each facet. */
  limit?: number
  /** Facets have scales of their own, as people and percent do not fit on one. */
  ownScales?: boolean
  /** Only rows of the newest month are drawn. */
  newest?: boolean
}

/** One bar or point. */
export interface Mark {
  key: string
  label: string
  /** What stands before the name, as a year. */
  beside: string
  facet: string
  series: string
  value: number | null
  low: number | null
  high: number | null
  least: number | null
  /** What is aimed at, and what the server says of it. */
  target: number | null
  verdict: string
  status: string
  /** The town that the page is about, or one that stands beside it: a peer, or one that was chosen. */
  role: 'own' | 'peer' | 'other'
  unit: Unit
}

function text(cell: Cell | undefined): string {
  return cell === null || cell === undefined ? '' : String(cell)
}

function number(row: Row, column: string | undefined): number | null {
  const cell = column === undefined ? null : row[column]
  return typeof cell === 'number' ? cell : null
}

/** Whether a row may be drawn. */
function fits(row: Row, only: Record<string, string[]>): boolean {
  return Object.entries(only).every(([column, values]) => {
    const cell = text(row[column])
    const [refused, wanted] = [
      values.filter((one) => one.startsWith('!')),
      values.filter((one) => !one.startsWith('!')),
    ]
    return !refused.includes(`!${cell}`) && (wanted.length === 0 || wanted.includes(cell))
  })
}

/** Facets in the order in which people name them, where that is not the order of the rows. */
const FACETS: Record<string, string[]> = {
  day_type: ['weekday', 'holiday'],
  direction: ['before', 'after'],
  measure: ['nights', 'hours'],
  kind: ['visitor', 'connected', 'dual_resident'],
  item: ['visitor', 'connected', 'repeat', 'dual_resident', 'workation', 'telework'],
}

/** Rows by where the values of a column stand in a list; what is not in it follows in its own order. */
function inOrder(rows: Row[], column: string | undefined, order: string[] | undefined): Row[] {
  if (column === undefined || order === undefined) return rows
  const place = (row: Row) => {
    const at = order.indexOf(text(row[column]))
    return at < 0 ? order.length : at
  }
  return rows.toSorted((one, other) => place(one) - place(other))
}

/** Months as they follow each other, and hours, of which 9 comes before 10. */
export function inTime(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true })
}

/** The rows of an answer that a chart draws, in its order. */
export function drawn(answer: Answer, spec: Spec, own?: string): Row[] {
  let rows = answer.rows.filter((row) => fits(row, spec.only ?? {}))
  if (spec.newest) {
    const newest = rows
      .map((row) => text(row['month']))
      .sort()
      .at(-1)
    rows = rows.filter((row) => text(row['month']) === newest)
  }
  rows = inOrder(rows, spec.category, spec.order)
  if (spec.kind === 'line')
    rows = rows.toSorted((one, other) => inTime(text(one[spec.category]), text(other[spec.category])))
  // The town's own line has the first colour.
  if (spec.series === 'municipality' && own !== undefined) rows = inOrder(rows, spec.series, [own])
  if (spec.facet !== undefined) rows = inOrder(rows, spec.facet, FACETS[spec.facet])
  return spec.limit === undefined ? rows : firstOfEach(rows, spec.facet, spec.limit)
}

function firstOfEach(rows: Row[], facet: string | undefined, limit: number): Row[] {
  const taken = new Map<string, number>()
  return rows.filter((row) => {
    const of = facet === undefined ? '' : text(row[facet])
    const count = (taken.get(of) ?? 0) + 1
    taken.set(of, count)
    return count <= limit
  })
}

/** Which rows are of the town itself, by its code or its name, and which of those beside it. */
export interface Roles {
  own?: string
  name?: string | undefined
  peers?: Set<string>
}

/** The marks of a chart. */
export function marksOf(
  answer: Answer,
  spec: Spec,
  language: Language,
  readings: Readings,
  roles: Roles = {},
): Mark[] {
  const [value, low, high] = spec.figure
  return drawn(answer, spec, roles.name).map((row) => {
    const word = (column: string | undefined) =>
      column === undefined ? '' : cellText(row, column, language, readings)
    return {
      key: text(row[spec.category]),
      label: word(spec.category),
      beside: word(spec.beside),
      facet: word(spec.facet),
      series: word(spec.series),
      value: number(row, value),
      low: number(row, low),
      high: number(row, high),
      least: number(row, spec.least),
      target: number(row, spec.target),
      verdict: word(spec.verdict),
      status: stateOf(row, spec),
      role: roleOf(row, roles),
      unit: unitOf(row, spec.unit),
    }
  })
}

const WITH_VALUE = new Set(['published', 'provisional'])

/** The state of the value. A row's state may be that of another figure in it: what is not there is not published. */
function stateOf(row: Row, { figure: [value], status }: Spec): string {
  const state = text(row[status ?? `${value}_status`] ?? row['status'])
  return number(row, value) === null && WITH_VALUE.has(state) ? '' : state
}

function roleOf(row: Row, roles: Roles): Mark['role'] {
  const place = row['peer_rank'] ?? row['place']
  if (typeof place === 'number') return place === 0 ? 'own' : 'peer'
  const code = text(row['municipality_code'])
  if (code === '' || roles.own === undefined) return 'own'
  if (code === roles.own) return 'own'
  return roles.peers?.has(code) ? 'peer' : 'other'
}

/** Rows of mixed units say theirs. */
function unitOf(row: Row, unit: Unit): Unit {
  return row['unit'] === 'percent' ? 'percent' : row['unit'] === 'people' ? 'people' : unit
}

/** Facets in the order in which they come. */
export function facetsOf(marks: Mark[]): string[] {
  return [...new Set(marks.map((mark) => mark.facet))]
}
