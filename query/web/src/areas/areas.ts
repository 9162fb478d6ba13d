// Figures of areas beside each other: the towns of a prefecture, or the prefectures of the country.
//
// In: an answer whose rows are areas, with columns for each kind of people or for one. Out: the same by code, as the table
// and the map take it. Nothing is added up or divided.

import { KINDS, type Figure, type Kind } from '../maps/classes'
import type { Answer, Row } from '../server/types'

/** An area and its figures. */
export interface Area {
  code: string
  /** The name in Japanese, and in Latin letters. */
  name: string
  romaji: string
  figures: Record<Kind, Figure>
  /** People per 100 residents, which are released of towns alone. */
  rates: Record<Kind, Figure>
}

const text = (row: Row, column: string) => String(row[column] ?? '')
const number = (row: Row, column: string) => {
  const cell = row[column]
  return typeof cell === 'number' ? cell : null
}

/** The columns that start with `name`, as a figure. */
function figure(row: Row, name: string, status: string): Figure {
  return {
    value: number(row, name),
    low: number(row, `${name}_low`),
    high: number(row, `${name}_high`),
    status,
  }
}

/** What the columns of a kind are called. Where an answer is about one kind, its parameters name it and not its columns. */
function columnsOf({ parameters }: Answer, kind: Kind) {
  return parameters['kind'] === kind
    ? { persons: 'persons', rate: 'per_100_residents', status: 'status' }
    : { persons: kind, rate: `${kind}_per_100_residents`, status: `${kind}_status` }
}

/** The areas of an answer. Its rows name towns or, where there are none, prefectures. */
export function areasOf(answer: Answer): Area[] {
  const columns = eachKind((kind) => columnsOf(answer, kind))
  return answer.rows.map((row) => {
    const figureOf = (kind: Kind, measure: 'persons' | 'rate') =>
      figure(row, columns[kind][measure], text(row, columns[kind].status))
    const of = row['municipality_code'] === undefined ? 'area' : 'municipality'
    return {
      code: text(row, `${of}_code`),
      name: text(row, of),
      romaji: text(row, `${of}_romaji`),
      figures: eachKind((kind) => figureOf(kind, 'persons')),
      rates: eachKind((kind) => figureOf(kind, 'rate')),
    }
  })
}

function eachKind<One>(make: (kind: Kind) => One): Record<Kind, One> {
  const [connected, visitor, dual_resident] = KINDS
  return { connected: make(connected), visitor: make(visitor), dual_resident: make(dual_resident) }
}

/** The figures of one kind by code. */
export function figuresOf(answer: Answer, kind: Kind): Map<string, Figure> {
  return new Map(areasOf(answer).map(({ code, figures }) => [code, figures[kind]]))
}

/** The rates of one kind by code; nothing where none is released, as of prefectures. */
export function ratesOf(answer: Answer, kind: Kind): Map<string, Figure> | undefined {
  const rates = new Map(areasOf(answer).map(({ code, rates }) => [code, rates[kind]]))
  return [...rates.values()].some(({ value }) => value !== null) ? rates : undefined
}

/** The kind of an address (`k`), where it is one that areas have. */
export function kindOf(asked: string | undefined): Kind {
  return KINDS.find((kind) => kind === asked) ?? 'connected'
}
