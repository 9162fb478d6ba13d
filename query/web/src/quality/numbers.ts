// How the numbers of panels are written. In: released numbers or nothing. Out: text; nothing is a dash, never 0.

import { exact } from '../words/numbers'

/** A number with as many decimals as are asked for, a dash for none. */
export function plain(value: number | null, decimals = 0): string {
  if (value === null) return '–'
  return decimals === 0 ? exact(value) : value.toFixed(decimals)
}

/** `2026-03-14,2026-03-15` as days of the month, `14, 15`. */
export function daysOf(missing: string | null): string {
  if (missing === null) return ''
  return missing
    .split(',')
    .map((day) => String(Number(day.trim().slice(-2))))
    .join(', ')
}
