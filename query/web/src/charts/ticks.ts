// Ticks of an axis of months, or of the hours of a day.
//
// In: the months of a chart, and how many ticks have room. Out: which months have a tick, and what stands at it. Years of
// Japanese offices begin in April, so that long axes are marked there and short ones by quarters; the year stands
// where it begins anew.

import type { Language } from '../place/address'

const NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Below this distance two hours would be printed over each other. */
const HOUR_WIDTH = 48

/** The keys with a tick; all of them where they are no months and few enough. Hours have as many as the axis is long for. */
export function ticksOf(keys: string[], room: number, length = Infinity): string[] {
  const wanted = [
    keys,
    keys.filter((key) => /-(01|04|07|10)$/.test(key)),
    keys.filter((key) => /-(04|10)$/.test(key)),
    keys.filter((key) => key.endsWith('-04')),
    ...[3, 6, 12].map((every) => keys.filter((key) => isHour(key) && Number(key) % every === 0)),
  ]
  if (keys.some(isHour)) room = Math.min(room, Math.floor(length / HOUR_WIDTH))
  return wanted.find((some) => some.length > 0 && some.length <= room) ?? keys.slice(0, 1)
}

function isHour(key: string): boolean {
  return /^[0-9]{1,2}$/.test(key)
}

/** Below this distance two years would be printed over each other. */
const YEAR_WIDTH = 52

/** The ticks that name their year: where it begins anew, as far as there is room. The later ones come first, since most months
 * of a chart follow them. */
export function yearsOf(ticks: string[], along: string[], step: number): Set<string> {
  const anew = ticks.filter((key, index) => index === 0 || ticks[index - 1]?.slice(0, 4) !== key.slice(0, 4))
  const kept: string[] = []
  for (const key of anew.toReversed()) {
    const next = kept.at(-1)
    const room = next === undefined ? Infinity : (along.indexOf(next) - along.indexOf(key)) * step
    if (room >= YEAR_WIDTH) kept.push(key)
  }
  return new Set(kept)
}

/** `4月`, with the year below it where it is to be named. */
export function tickText(years: ReadonlySet<string>, key: string, language: Language): string {
  if (isHour(key)) return language === 'ja' ? `${key}時台` : `${key}:30`
  const [year, number] = key.split('-')
  if (year === undefined || number === undefined) return key
  const month = language === 'ja' ? `${Number(number)}月` : (NAMES[Number(number) - 1] ?? number)
  if (!years.has(key)) return month
  return `${month}\n${year}${language === 'ja' ? '年' : ''}`
}
