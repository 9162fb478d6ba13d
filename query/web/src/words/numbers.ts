// Numbers, months and intervals as people read them.
//
// In: released numbers. Out: text. A figure and a chart round (8.6万人); tables and files carry the released number
// with commas. Nothing is computed of two figures here: differences and ranks come from the server with an interval.

import type { Language } from '../place/address'

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })

/** The released number with commas: `12,345`. */
export function exact(value: number): string {
  return grouped.format(value).replace('-', '−')
}

/** A number of a figure: below 1万 in full, to 100万 with one decimal, above whole 万, from 1億 on 億. */
export function rounded(value: number, language: Language): string {
  if (language === 'en' || Math.abs(value) < 10_000) return exact(value)
  if (Math.abs(value) < 1_000_000) return `${(value / 10_000).toFixed(1)}万`
  if (Math.abs(value) < 100_000_000) return `${exact(Math.round(value / 10_000))}万`
  return `${(value / 100_000_000).toFixed(1)}億`
}

/** An interval, `8.1万〜9.1万`, with its unit; for screen readers `から` and `to` are said. */
export function interval(
  low: number,
  high: number,
  unit: string,
  language: Language,
  spoken = false,
): string {
  const [from, to] = [rounded(low, language), rounded(high, language)]
  if (language === 'ja') return spoken ? `${from}から${to}${unit}` : `${from}〜${to}${unit}`
  return `${from} ${spoken ? 'to' : '–'} ${to}${unit === '' ? '' : ` ${unit}`}`
}

const oneDecimal = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 2 })

/** A released rate: all have their decimal, `30.0` beside `27.5`. */
export function exactRate(value: number): string {
  return oneDecimal.format(value).replace('-', '−')
}

/** The released ends of an interval, as a table has them; empty without ends. */
export function exactInterval(
  { low, high }: { low: number | null; high: number | null },
  language: Language,
  options: { isRate?: boolean; isSpoken?: boolean } = {},
): string {
  if (low === null || high === null) return ''
  const text = options.isRate === true ? exactRate : exact
  const isSpoken = options.isSpoken === true
  const between = language === 'ja' ? (isSpoken ? 'から' : '〜') : isSpoken ? ' to ' : '–'
  return `${text(low)}${between}${text(high)}`
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
]
const MONTH_NAMES = [...MONTHS, 'November', 'December']

/** `2026-10` as 2026年10月 or October 2026. */
export function monthName(month: string, language: Language): string {
  const [year, number] = month.split('-').map(Number)
  if (year === undefined || number === undefined) return month
  return language === 'ja' ? `${year}年${number}月` : `${MONTH_NAMES[number - 1] ?? ''} ${year}`
}

/** The year of an emperor beside it, 令和8年; only years of 令和 are measured. */
export function eraYear(month: string): string {
  const year = Number(month.slice(0, 4)) - 2018
  return `令和${year === 1 ? '元' : year}年`
}

/** The month `count` months later. */
export function plusMonths(month: string, count: number): string {
  const [year, number] = month.split('-').map(Number)
  const all = (year ?? 0) * 12 + (number ?? 1) - 1 + count
  return `${Math.floor(all / 12)}-${String((all % 12) + 1).padStart(2, '0')}`
}

/** A fiscal year with its months: 2025年度(2025年4月〜2026年3月). */
export function fiscalYearName(year: number, language: Language): string {
  const [first, last] = [monthName(`${year}-04`, language), monthName(`${year + 1}-03`, language)]
  return language === 'ja' ? `${year}年度(${first}〜${last})` : `fiscal ${year} (${first} to ${last})`
}
