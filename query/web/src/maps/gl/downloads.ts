// The SQL of exactly what the map shows, for files and for the console.

import { cellsSql } from './cells'
import { countrySql } from './country'
import type { Wanted } from './scene'

/** The rows of one step of the slider, or of the country. */
export function shownSql(wanted: Wanted, step: string): string {
  if (wanted.town === undefined) return countrySql(wanted.kind, wanted.month)
  const [dayType, band] = step.split('-')
  const all = cellsSql(wanted.town, wanted.month, wanted.grid)
  return all.replace('\nORDER BY', ` AND day_type = '${dayType}' AND time_band = '${band}'\nORDER BY`)
}
