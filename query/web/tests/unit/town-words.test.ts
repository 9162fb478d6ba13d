// Headings and closed values have words in both languages.
import { describe, expect, it } from 'vitest'

import { cellText } from '../../src/figures/cells'
import { NO_READINGS } from '../../src/figures/readings'
import { columnName } from '../../src/words/columns'
import { classWords, valueWords } from '../../src/words/values'

describe('headings', () => {
  it('name both ends of an interval after its figure', () => {
    expect(columnName('persons_low', 'ja')).toBe('人数・下限')
    expect(columnName('share_high_percent', 'en')).toBe('Share (%), high end')
    expect(columnName('telework_rate_percent_low', 'ja')).toBe('テレワーク率(%)・下限')
    expect(columnName('connected_status', 'ja')).toBe('関係人口の状態')
    expect(columnName('month_text', 'ja')).toBe('月')
    expect(columnName('quarter', 'ja')).toBe('四半期')
  })

  it('leave a column that nobody named as it is', () => {
    expect(columnName('brand_new', 'ja')).toBe('brand_new')
  })
})

describe('values', () => {
  it('mean something else in another column', () => {
    expect(valueWords('time_band', 'all')?.ja).toBe('終日')
    expect(valueWords('origin_level', 'all')?.ja).toBe('全体')
  })

  it('of a class say what is counted', () => {
    expect(classWords('nights', '2_or_more')?.ja).toBe('2泊以上')
    expect(classWords('municipalities', '4_plus')?.ja).toBe('4か所以上')
    expect(classWords('hours', '4_6')?.en).toBe('4 to 6 hours')
    expect(classWords('nights', '4_6')?.ja).toBe('4〜6泊')
  })

  it('that are months, days and years are written out', () => {
    expect(cellText({ month: '2026-10' }, 'month', 'ja', NO_READINGS)).toBe('2026年10月')
    expect(cellText({ date: '2026-08-14' }, 'date', 'en', NO_READINGS)).toBe('14 August 2026')
    expect(cellText({ period: '2025年度' }, 'period', 'en', NO_READINGS)).toBe(
      'fiscal 2025 (April 2025 to March 2026)',
    )
    expect(cellText({ period: '2025年度' }, 'period', 'ja', NO_READINGS)).toBe(
      '2025年度(2025年4月〜2026年3月)',
    )
    expect(cellText({ fiscal_year: 2026 }, 'fiscal_year', 'ja', NO_READINGS)).toBe('2026')
    expect(cellText({ persons: 12345 }, 'persons', 'ja', NO_READINGS)).toBe('12,345')
    expect(cellText({ persons: null }, 'persons', 'ja', NO_READINGS)).toBe('')
  })
})
