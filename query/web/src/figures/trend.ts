// What is said of a figure and the one of a year before.
//
// In: a row with the server's word on the change, and whether the release has the month of a year before at all. Out: which
// of the closed list of words stands. That nothing can be compared with has two reasons that the reader must tell apart:
// one of the two figures is not given, or the release does not go back so far.

import type { Row } from '../server/types'

export type Compared = 'up' | 'down' | 'not_certain' | 'cannot' | 'no_year_before' | 'nothing'

export function comparedWithYearBefore(row: Row, hasYearBefore: boolean): Compared {
  const { change, unit, status } = row
  if (change === 'up' || change === 'down' || change === 'not_certain') return change
  // A rate has no released difference, and of a month that is not computed yet there is nothing to compare.
  if (unit === 'percent' || status === 'not_computed') return 'nothing'
  return hasYearBefore ? 'cannot' : 'no_year_before'
}
