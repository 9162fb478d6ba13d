// Which word stands for an empty figure of an answer.
//
// In: a row of any SQL. Out: the state of a column in that row. Release tables have one `status` for `persons` and
// what is derived of it; answers with several figures have `visitor_status` beside `visitor`. A column that is empty
// for another reason (`fewer_than` beside a figure, `ask_instead`) has no state.

import type { Row } from '../server/types'

/** Columns that tell of a state and are no figure. */
const BESIDE = /^(fewer_than|ask_instead|next_release|rolled_up_.*|quality|change.*|window_months)$/
/** Ends of an interval are of the figure whose name they carry. */
const END = /_(low|high|percent|low_percent|high_percent)$/

/** The status that says why a column of a row is empty, or nothing. */
export function stateOf(row: Row, column: string): string | undefined {
  if (row[column] !== null || BESIDE.test(column) || column === 'status' || column.endsWith('_status'))
    return undefined
  const own = row[`${column}_status`] ?? row[`${column.replace(END, '')}_status`]
  if (typeof own === 'string') return own
  const status = row['status']
  return typeof status === 'string' ? status : undefined
}
