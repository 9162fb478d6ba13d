// The named question whose answer the map shows: for its figures, for files and for the console.

import type { Asking } from '../../server/types'
import type { Grid } from './cells'
import type { Kind } from './country'

export interface Wanted {
  /** The town whose cells are shown, nothing for all towns. */
  town: string | undefined
  month: string
  grid: Grid
  kind: Kind
  revision: number | undefined
}

/** What is asked for a map. */
export function askingOf({ town, month, grid, kind }: Wanted): Asking {
  return town === undefined
    ? { name: 'towns-by-kind', parameters: { kind, month } }
    : { name: 'cells-of-town', parameters: { town, grid, month } }
}
