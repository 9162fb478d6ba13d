// Figures and intervals with their units.
//
// In: a released number and what it counts. Out: text as people read it. Percentages are whole; below 10, or where both
// ends would read the same, they have one decimal where the interval is narrow enough to carry it, and both ends of an interval have as many as the figure.

import type { Language } from '../place/address'
import { interval, rounded } from '../words/numbers'

/** What a figure counts. */
export type Unit =
  'people' | 'percent' | 'index' | 'per_100' | 'nights' | 'kg' | 'times' | 'phones' | 'person_nights'

const UNITS: Record<Unit, { ja: string; en: string }> = {
  people: { ja: '人', en: '' },
  percent: { ja: '%', en: '%' },
  index: { ja: '', en: '' },
  per_100: { ja: '人', en: '' },
  nights: { ja: '泊', en: 'nights' },
  kg: { ja: 'kg', en: 'kg' },
  times: { ja: '倍', en: 'times' },
  phones: { ja: '台', en: '' },
  person_nights: { ja: '泊', en: 'nights' },
}

/** A figure with its ends; the ends may be missing. */
export interface Ends {
  value: number
  low: number | null
  high: number | null
  /** Where only a lower end is released. */
  least?: number | null
}

/** Decimals that all numbers of one figure are shown with; `undefined` where they are rounded as people are counted. */
function decimals(unit: Unit, { value, low, high }: Ends): number | undefined {
  if (unit === 'percent') {
    const isNarrow = low !== null && high !== null && high - low <= 2
    // Ends that would read the same, as in 11〜11%, look like a figure without error.
    const isLost = low !== null && high !== null && Math.round(low) === Math.round(high)
    return isLost || (Math.abs(value) < 10 && isNarrow) ? 1 : 0
  }
  if (unit === 'nights' || unit === 'times' || unit === 'per_100') return Math.abs(value) < 100 ? 1 : 0
  return undefined
}

function number(value: number, places: number | undefined, language: Language): string {
  if (places === undefined) return rounded(value, language)
  return Math.abs(value) >= 10_000 ? rounded(value, language) : grouped(value, places)
}

/** All of a figure's numbers with as many decimals, `6.0` beside `5.5`. */
function grouped(value: number, places: number): string {
  const options = { minimumFractionDigits: places, maximumFractionDigits: places }
  return value.toLocaleString('en-US', options).replace('-', '−')
}

/** Beyond what a tick has, and short of what adding up steps leaves at the end of it. */
const ticked = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 })

/** A number at an axis: nothing is rounded away, or two ticks would read the same. */
export function axisText(value: number, unit: Unit, language: Language): string {
  const text = (number: number) => ticked.format(number).replace('-', '−')
  const isLong = language === 'ja' && Math.abs(value) >= 10_000
  return withUnit(isLong ? `${text(value / 10_000)}万` : text(value), unit, language)
}

function withUnit(text: string, unit: Unit, language: Language): string {
  const words = UNITS[unit][language]
  if (words === '') return text
  return language === 'ja' || words === '%' ? text + words : `${text} ${words}`
}

/** `8.6万人`, `12%`, `86,200`. */
export function figureText(ends: Ends, unit: Unit, language: Language): string {
  return withUnit(number(ends.value, decimals(unit, ends), language), unit, language)
}

/** `8.1万〜9.1万人`; with `spoken`, 「8.1万から9.1万人」 for screen readers; a lower end alone is said as such. Empty without ends. */
export function intervalText(ends: Ends, unit: Unit, language: Language, spoken = false): string {
  if (ends.low === null || ends.high === null) return leastText(ends, unit, language)
  const places = decimals(unit, ends)
  const words = UNITS[unit][language]
  if (places === undefined) return interval(ends.low, ends.high, words, language, spoken)
  const [low, high] = [number(ends.low, places, language), number(ends.high, places, language)]
  const between = language === 'ja' ? (spoken ? 'から' : '〜') : spoken ? ' to ' : '–'
  return withUnit(`${low}${between}${high}`, unit, language)
}

/** `少なくとも2.1倍`, where there is no upper end. */
function leastText(ends: Ends, unit: Unit, language: Language): string {
  if (ends.least === null || ends.least === undefined) return ''
  const text = withUnit(number(ends.least, decimals(unit, ends), language), unit, language)
  return language === 'ja' ? `少なくとも${text}` : `at least ${text}`
}
