// Figures, intervals and states as the page of a town writes them.
import { describe, expect, it } from 'vitest'

import { rungName, shownOf } from '../../src/figures/figure'
import { axisText, figureText, intervalText } from '../../src/figures/units'

describe('a figure', () => {
  it('has as many decimals as its interval carries', () => {
    expect(figureText({ value: 9, low: 7, high: 12 }, 'percent', 'ja')).toBe('9%')
    expect(figureText({ value: 6, low: 5.5, high: 6.5 }, 'percent', 'ja')).toBe('6.0%')
    expect(figureText({ value: 61.4, low: 61, high: 62 }, 'percent', 'en')).toBe('61%')
  })

  it('is followed by an interval of the same decimals', () => {
    expect(intervalText({ value: 6, low: 5.5, high: 6.5 }, 'percent', 'ja')).toBe('5.5〜6.5%')
    expect(intervalText({ value: 86_200, low: 81_000, high: 91_400 }, 'people', 'ja')).toBe('8.1万〜9.1万人')
    expect(intervalText({ value: 86_200, low: 81_000, high: 91_400 }, 'people', 'ja', true)).toBe(
      '8.1万から9.1万人',
    )
    expect(intervalText({ value: 3.5, low: 3, high: 4 }, 'nights', 'en')).toBe('3.0–4.0 nights')
  })

  it('has no interval where the server gave none', () => {
    expect(intervalText({ value: 5, low: null, high: null }, 'people', 'ja')).toBe('')
  })

  it('keeps ticks of an axis apart', () => {
    expect([10_000, 10_500, 11_000].map((value) => axisText(value, 'people', 'ja'))).toEqual([
      '1万人',
      '1.05万人',
      '1.1万人',
    ])
    expect([7.5, 8].map((value) => axisText(value, 'percent', 'en'))).toEqual(['7.5%', '8%'])
  })
})

describe('what a row shows', () => {
  it('is nothing but the state where the figure is hidden', () => {
    const row = {
      item: 'workation',
      unit: 'people',
      value: null,
      value_low: null,
      value_high: null,
      status: 'hidden',
      fewer_than: 50,
    }
    expect(shownOf(row)).toEqual({
      status: 'hidden',
      unit: 'people',
      own: undefined,
      rolled: undefined,
      fewerThan: 50,
    })
  })

  it('is the value of the coarser group, named as such, where it is rolled up', () => {
    const row = {
      unit: 'percent',
      value: null,
      status: 'rolled_up',
      rolled_up_to: 'rest_of_prefecture',
      rolled_up_value: 9,
      rolled_up_low: 7,
      rolled_up_high: 12,
    }
    const shown = shownOf(row)
    expect(shown.own).toBeUndefined()
    expect(shown.rolled).toEqual({ value: 9, low: 7, high: 12, to: 'rest_of_prefecture' })
  })

  it('names the group', () => {
    expect(rungName('rest_of_prefecture', 'ja')).toBe('県内の値のない市区町村')
    expect(rungName('block_capital', 'ja')).toBe('首都圏')
    expect(rungName('2026-Q3', 'ja')).toBe('2026年7〜9月')
    expect(rungName('2026-Q3', 'en')).toBe('July–September 2026')
    expect(rungName('2026年度', 'en')).toBe('fiscal 2026')
    expect(rungName('something new', 'ja')).toBe('something new')
  })
})
