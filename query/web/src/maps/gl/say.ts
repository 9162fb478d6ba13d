// A figure of the map in words: value, interval and state, as on every other figure of the page.
//
// In: a released figure and the closed list of states. Out: texts. Nothing is computed, and no word says why a figure
// is not shown.

import type { Language } from '../../place/address'
import type { StatusWords } from '../../server/types'
import { exact, exactInterval, exactRate, interval, rounded } from '../../words/numbers'
import type { Figure } from './regions'

export interface Said {
  /** The figure, or the word that stands instead. */
  figure: string
  /** Its interval; empty without one. */
  interval: string
  /** The same as a screen reader should say it. */
  spoken: string
  /** The rate that a map of towns is coloured by, and its interval; empty where there is none. */
  rate: string
  rateInterval: string
  /** What a reader should know; empty for a figure that stands. */
  note: string
}

const NO_RATE = { rate: '', rateInterval: '' }
const UNIT = { ja: '人', en: '' } as const

export function say(figure: Figure | undefined, statuses: StatusWords[], language: Language): Said {
  if (figure === undefined) return { figure: '—', interval: '', spoken: '—', ...NO_RATE, note: '' }
  const state = statuses.find((one) => one.status === figure.status)
  const word = state?.word[language] ?? figure.status
  if (figure.value === null) {
    const fewer = fewerThan(figure.fewerThan, language)
    return {
      figure: word,
      interval: fewer,
      spoken: `${word} ${fewer}`,
      ...NO_RATE,
      note: state?.note[language] ?? '',
    }
  }
  const unit = UNIT[language]
  const value = `${rounded(figure.value, language)}${unit}`
  const provisional = figure.status === 'provisional' ? (language === 'ja' ? `(${word})` : ` (${word})`) : ''
  const between = (spoken: boolean) =>
    figure.low === null || figure.high === null
      ? ''
      : interval(figure.low, figure.high, unit, language, spoken)
  const { rate } = figure
  return {
    figure: value,
    interval: `${between(false)}${provisional}`,
    spoken: `${value} ${between(true)}${provisional}`,
    rate: rate === undefined ? '' : per100(exactRate(rate.value), language),
    rateInterval: rate === undefined ? '' : exactInterval(rate, language, { isRate: true }),
    note: '',
  }
}

function per100(rate: string, language: Language): string {
  return language === 'ja' ? `住民100人あたり${rate}` : `${rate} per 100 residents`
}

function fewerThan(count: number | null, language: Language): string {
  if (count === null) return ''
  return language === 'ja' ? `${exact(count)}人未満` : `fewer than ${exact(count)}`
}
