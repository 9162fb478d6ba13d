// Whether a table has parts beside each other of which some are not shown.
//
// In: cells of a figure. Out: whether a reader may want to take those that are shown from their whole, which gives no
// figure: values carry noise and are rounded each by itself. The words stand in `Parts.svelte`.

import type { Row } from '../server/types'

/** Figures of which there are parts and wholes; a rate or an index is none. */
const COUNTED = [
  'persons',
  'person_nights',
  'person_days',
  'share_percent',
  'visitor',
  'connected',
  'dual_resident',
]

/** Whether at least one cell is withheld beside at least two that are shown: of fewer there is nothing to take away. */
export function isInParts(
  cells: { value: unknown; status: unknown }[],
  hasValue: (status: string) => boolean,
): boolean {
  const shown = cells.filter(({ value }) => typeof value === 'number').length
  return (
    shown > 1 &&
    cells.some(
      ({ value, status }) => typeof value !== 'number' && typeof status === 'string' && !hasValue(status),
    )
  )
}

/** The same of the rows of an answer. */
export function areInParts(rows: Row[], hasValue: (status: string) => boolean): boolean {
  return COUNTED.some((column) => {
    const cells = rows.filter((row) => column in row)
    return isInParts(
      cells.map((row) => ({ value: row[column], status: row[`${column}_status`] ?? row['status'] })),
      hasValue,
    )
  })
}
