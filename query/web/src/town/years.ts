// The figures of years that stand in for a month without one.
//
// In: the rows of `years-of-town`. Out: those that have a figure, of kinds that the cards have, newest year first, as many
// as are read at a glance.

import type { Row } from '../server/types'

const KINDS = new Set(['visitor', 'connected', 'repeat', 'dual_resident', 'workation'])
const MOST = 10

/** The rows that are offered; within a year they keep the server's order. */
export function latestYears(rows: Row[]): Row[] {
  const given = rows.filter((row) => typeof row['persons'] === 'number' && KINDS.has(String(row['kind'])))
  // As text, `2025` is before `2025年度` and that before `2026`, which is the order in which they end.
  const period = (row: Row) => String(row['period'])
  const newestFirst = (one: Row, other: Row) =>
    Number(period(one) < period(other)) - Number(period(one) > period(other))
  return given.sort(newestFirst).slice(0, MOST)
}
