// A cell of an answer as a table or an axis shows it.
//
// In: a row, a column and the language. Out: text: closed values in words, months in words, places by name. English
// needs readings of places, which answers have only in part; they are looked up by name and prefecture, since two
// towns may have one name. Numbers are the released ones.

import type { Language } from '../place/address'
import type { Row } from '../server/types'
import { isPlain } from '../words/columns'
import { fiscalYearName, monthName } from '../words/numbers'
import { classWords, valueWords } from '../words/values'
import type { Readings } from './readings'

const TOWN_COLUMNS: Record<string, string> = { municipality: 'prefecture', other: 'other_prefecture' }
const AREA_COLUMNS = new Set(['origin', 'area', 'prefecture', 'other_prefecture'])

const all = new Intl.NumberFormat('en-US', { maximumFractionDigits: 12 })

/** The released number with commas and all its decimals. */
function released(value: number): string {
  return all.format(value).replace('-', '−')
}

/** A cell; empty text where it is empty. */
export function cellText(row: Row, column: string, language: Language, readings: Readings): string {
  const cell = row[column]
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return isPlain(column) ? String(cell) : released(cell)
  if (typeof cell === 'boolean') return cell ? '✓' : ''
  const known =
    column === 'class' && typeof row['measure'] === 'string'
      ? classWords(row['measure'], cell)
      : valueWords(column, cell)
  if (known !== undefined) return known[language]
  return timeText(cell, column, language) ?? placeText(row, cell, column, language, readings) ?? cell
}

function timeText(cell: string, column: string, language: Language): string | undefined {
  if (/^[0-9]{4}-(0[1-9]|1[0-2])$/.test(cell)) return monthName(cell, language)
  if (column === 'date') return dayName(cell, language)
  if (column === 'fiscal_year') return language === 'ja' ? `${cell}年度` : `fiscal ${cell}`
  const period = /^([0-9]{4})(年度)?$/.exec(cell)
  if (column !== 'period' || period === null) return undefined
  const year = period[1] ?? ''
  if (period[2] !== undefined) return fiscalYearName(Number(year), language)
  return language === 'ja' ? `${year}年` : year
}

/** `2026-08-14` as 2026年8月14日 or 14 August 2026. */
export function dayName(date: string, language: Language): string {
  const month = monthName(date.slice(0, 7), language)
  const day = Number(date.slice(8, 10))
  return language === 'ja' ? `${month}${day}日` : `${day} ${month}`
}

function placeText(
  row: Row,
  cell: string,
  column: string,
  language: Language,
  readings: Readings,
): string | undefined {
  if (language === 'ja') return undefined
  if (cell === '全国') return 'Japan'
  const beside = TOWN_COLUMNS[column]
  if (beside !== undefined) {
    const prefecture = row[beside]
    return readings.town(cell, typeof prefecture === 'string' ? prefecture : null)
  }
  return AREA_COLUMNS.has(column) ? readings.prefecture(cell) : undefined
}
