// What is said of months that a table does not have.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { beginOf, mayBeShort, spanOf, spansOf, tableOf, titleOf, tooLate } from '../../src/server/begins'
import { hasMonthBefore, monthsCovered } from '../../src/server/covered'
import { comparedWithYearBefore } from '../../src/figures/trend'
import type { Answer, Release, Row } from '../../src/server/types'

let asked: string[] = []
let rows: Row[] = []

beforeEach(() => {
  asked = []
  vi.stubGlobal('fetch', (address: string) => {
    asked.push(address)
    return Promise.resolve(Response.json({ rows }))
  })
})
afterEach(() => vi.unstubAllGlobals())

describe('the month that a table begins with', () => {
  test('is that of its first row, whichever town has it, asked for once', async () => {
    rows = [{ month: '2025-10-01' }]
    expect(await beginOf('presence_hourly', 3)).toBe('2025-10')
    expect(await beginOf('presence_hourly', 3)).toBe('2025-10')
    expect(asked).toHaveLength(1)
    const { pathname, searchParams } = new URL(asked[0] ?? '', 'http://example.test')
    expect(pathname).toBe('/v1/tables/presence_hourly/rows')
    expect(Object.fromEntries(searchParams)).toEqual({ month: 'all', limit: '1', format: 'json', rev: '3' })
  })

  test('is unknown where there are no rows', async () => {
    rows = []
    expect(await beginOf('panel_monthly')).toBeUndefined()
  })

  test('is that of the table that SQL reads, and not of what SQL names by the way', () => {
    expect(tableOf('SELECT a FROM (SELECT b FROM presence_hourly WHERE c) AS hours')).toBe('presence_hourly')
    expect(tableOf('WITH days AS (SELECT * FROM visitors_daily) SELECT * FROM days')).toBe('visitors_daily')
    expect(tableOf('SELECT * FROM kpi_targets')).toBeUndefined()
  })
})

describe('an answer without rows', () => {
  const of = (table: string, month: string) => ({
    sql: `SELECT * FROM ${table}`,
    rows: [] as Row[],
    parameters: { month },
  })
  /** A table with rows of these months. */
  const has = (...months: string[]) =>
    vi.stubGlobal('fetch', (address: string) => {
      const asked = new URL(address, 'http://example.test').searchParams.get('month')
      const found =
        asked === 'all' ? months[0] : asked === null ? months.at(-1) : months.find((m) => m === asked)
      return Promise.resolve(Response.json({ rows: found === undefined ? [] : [{ month: `${found}-01` }] }))
    })

  test('of a month after the last of its table says so', async () => {
    has('2025-10', '2026-09')
    expect(await spanOf(of('flows_monthly', '2026-10'), 7)).toEqual({ begin: '2025-10', end: '2026-09' })
    expect(tooLate('2026-10', '2026-09')).toEqual({ month: '2026-10', end: '2026-09' })
    expect(tooLate('2026-09', '2026-09')).toBeUndefined()
  })

  test('of a month that the table has is one of this town alone', async () => {
    has('2025-10', '2026-10')
    expect(await spanOf(of('trips_monthly', '2026-10'), 7)).toEqual({ begin: '2025-10', end: undefined })
  })

  test('is not called absent where nobody knows', async () => {
    has('2025-10', '2026-09')
    const answered = fetch
    vi.stubGlobal('fetch', (address: string) =>
      address.includes('month=2026-10') ? Promise.reject(new Error('away')) : answered(address),
    )
    expect((await spanOf(of('gx_monthly', '2026-10'), 7)).end).toBeUndefined()
  })
})

describe('a title that is of twelve months', () => {
  const title = {
    ja: '最も多い時間帯は。月別、2025年12月までの12か月。',
    en: 'At which hour is it fullest? 12 months to December 2025.',
  }
  const parameters = { month: '2025-12' }
  const answer = { title, parameters, rows: [{ month: '2025-11' }] as Row[] }

  test('says how many its table has, and not how many have a row', () => {
    expect(titleOf(answer, 'ja', '2025-10')).toBe('最も多い時間帯は。月別、2025年12月までの3か月。')
    expect(titleOf(answer, 'en', '2025-10')).toBe('At which hour is it fullest? 3 months to December 2025.')
    expect(titleOf(answer, 'en', '2025-12')).toContain('1 month to')
    expect(titleOf(answer, 'ja', '2025-01')).toBe(title.ja)
    expect(titleOf(answer, 'ja', '2025-02')).toContain('11か月')
  })

  test('stays where nothing is known, and where the table begins later still', () => {
    expect(titleOf(answer, 'ja')).toBe(title.ja)
    expect(titleOf(answer, 'ja', '2026-01')).toBe(title.ja)
  })

  test('of the newest months is of those up to its newest row', () => {
    const newest = { title: { ja: '何人か。直近12か月。', en: 'How many? Last 12 months.' }, parameters: {} }
    expect(titleOf({ ...newest, rows: answer.rows }, 'en', '2025-10')).toBe('How many? Last 2 months.')
  })

  test('of thirty-six months says how many there are as well', () => {
    const trend = {
      title: {
        ja: 'どう動いてきたか。36か月。2026年8月。',
        en: 'How have they gone? 36 months. August 2026.',
      },
      parameters: { month: '2026-08' },
      rows: [{ month: '2026-08' }] as Row[],
    }
    expect(mayBeShort(trend)).toBe(true)
    expect(titleOf(trend, 'ja', '2025-09')).toBe('どう動いてきたか。12か月。2026年8月。')
    expect(titleOf(trend, 'en', '2024-09')).toBe('How have they gone? 24 months. August 2026.')
    expect(titleOf(trend, 'ja', '2023-09')).toBe(trend.title.ja)
  })

  test('leaves the twelve months of a definition alone', () => {
    const words = {
      ja: '12か月間に訪れた人のうち、何%か。2025年12月。',
      en: 'Which part of those who came in 12 months? December 2025.',
    }
    expect(mayBeShort({ title: words, rows: [] })).toBe(false)
    expect(titleOf({ ...answer, title: words }, 'ja', '2025-10')).toBe(words.ja)
    expect(titleOf({ ...answer, title: words }, 'en', '2025-10')).toBe(words.en)
    expect(mayBeShort(answer)).toBe(true)
  })
})

describe('the months that people are counted in', () => {
  const release = {
    revision: 4,
    unfinished_months: [
      { month: '2026-10', status: 'provisional' },
      { month: '2026-11', status: 'not_computed' },
    ],
  } as Release

  test('are fewer while the data are young, which only figures that are not final can be', async () => {
    rows = [{ window_months: 5 }]
    expect(await monthsCovered(release, '2026-10')).toBe(5)
    expect(asked[0]).toContain('month=2026-10')
    expect(asked[0]).toContain('rev=4')
    expect(await monthsCovered(release, '2026-09')).toBe(12)
    expect(await monthsCovered(release, '2026-11')).toBe(12)
    expect(await monthsCovered(undefined, '2026-10')).toBe(12)
    expect(asked).toHaveLength(1)
  })

  test('are twelve where nobody says', async () => {
    rows = [{ window_months: 0 }]
    expect(await monthsCovered(release, '2026-10')).toBe(12)
  })
})

describe('a year before', () => {
  const release = { months: ['2025-09', '2025-10', '2026-09'] } as Release
  const row = { item: 'visitor', unit: 'people', status: 'published' }

  test('is there where the release has the month, and not called absent where nobody knows', () => {
    expect(hasMonthBefore(release, '2026-09')).toBe(true)
    expect(hasMonthBefore(release, '2025-09')).toBe(false)
    expect(hasMonthBefore(undefined, '2025-09')).toBe(true)
  })

  test('that the release has not is told apart from one that is not given', () => {
    expect(comparedWithYearBefore(row, true)).toBe('cannot')
    expect(comparedWithYearBefore(row, false)).toBe('no_year_before')
    expect(comparedWithYearBefore({ ...row, change: 'up' }, true)).toBe('up')
  })

  test('of a rate, or of what is not computed yet, nothing is said', () => {
    expect(comparedWithYearBefore({ ...row, unit: 'percent' }, true)).toBe('nothing')
    expect(comparedWithYearBefore({ ...row, status: 'not_computed' }, true)).toBe('nothing')
  })
})

describe('spans of many answers', () => {
  test('are asked for where rows are fewer than promised', async () => {
    rows = [{ month: '2025-10-01' }]
    const title = { ja: '何人か。2025年12月。', en: 'How many? December 2025.' }
    const short = {
      name: 'short',
      sql: 'SELECT 1 FROM trips_monthly',
      title,
      rows: [],
      parameters: { month: '2025-09' },
    }
    const full = { ...short, name: 'full', rows: [{ month: '2025-09' }] }
    const found = await spansOf([short, full] as unknown as Answer[], 11)
    expect(found).toEqual({ short: { begin: '2025-10' } })
  })
})
