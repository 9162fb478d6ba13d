import { afterEach, describe, expect, test, vi } from 'vitest'

import { daysOf, plain } from '../../src/quality/numbers'
import { areaAsking, areaOf, newestFirst, ofPanel, rowsOf } from '../../src/quality/panel'
import { sorted } from '../../src/quality/sort'

describe('tables of quality', () => {
  const rows = [
    { name: 'a', devices: 30 },
    { name: 'b', devices: null },
    { name: 'c', devices: 200 },
  ]

  test('a number that is not given comes last both ways', () => {
    const names = (way: 'ascending' | 'descending') =>
      sorted(rows, (row) => row.devices, way).map((row) => row.name)
    expect(names('ascending')).toEqual(['a', 'c', 'b'])
    expect(names('descending')).toEqual(['c', 'a', 'b'])
  })

  test('sorting leaves what it was given as it is', () => {
    sorted(rows, (row) => row.devices, 'descending')
    expect(rows.map((row) => row.name)).toEqual(['a', 'b', 'c'])
  })

  test('nothing is a dash and never 0', () => {
    expect(plain(null)).toBe('–')
    expect(plain(0)).toBe('0')
    expect(plain(12_345)).toBe('12,345')
    expect(plain(3.14159, 2)).toBe('3.14')
  })

  test('missing days are days of the month', () => {
    expect(daysOf('2026-03-04,2026-03-14')).toBe('4, 14')
    expect(daysOf(null)).toBe('')
  })
})

describe('what the page of quality asks', () => {
  afterEach(() => vi.unstubAllGlobals())

  test('is of the country where the area is no prefecture', () => {
    const month = '2026-10'
    expect(areaAsking('JP', month)).toEqual({ name: 'how-sure-nation', parameters: { month } })
    expect(areaAsking('20', month)).toEqual({ name: 'how-sure', parameters: { prefecture: '20', month } })
  })

  test('is of no area that an anchor only looks like', () => {
    expect(['p20', 'pJP', 'p47', 'p01'].map(areaOf)).toEqual(['20', 'JP', '47', '01'])
    expect(['p00', 'p48', 'p99', 'panel', 'p2', ''].map(areaOf)).toEqual(Array(6).fill(undefined))
  })

  test('is answered for both panels, oldest month first, and shown the other way', () => {
    const rows = ['2026-09', '2026-10'].flatMap((month) => [
      { month, panel: 'month' as const },
      { month, panel: 'year' as const },
    ])
    const shown = newestFirst(ofPanel(rows, 'year'))
    expect(shown.map(({ month, panel }) => `${month} ${panel}`)).toEqual(['2026-10 year', '2026-09 year'])
    expect(rows[0]?.month).toBe('2026-09')
  })

  test('goes to the named questions, of the revision of the address', async () => {
    const asked: unknown[] = []
    const answer = { name: 'known-devices', sentence: { ja: '文', en: 'words' }, rows: [{ standing: 'new' }] }
    vi.stubGlobal('fetch', (address: string, { body }: RequestInit) => {
      asked.push([address, JSON.parse(String(body))])
      return Promise.resolve(Response.json([answer]))
    })
    const got = await rowsOf<{ standing: string }>({ name: 'known-devices', parameters: {} }, 'en', 3)
    expect(got).toEqual({ rows: answer.rows, sentence: answer.sentence })
    expect(asked).toEqual([['/v1/questions?rev=3', [{ name: 'known-devices', parameters: {} }]]])
  })

  test('throws what the server says where it is refused', async () => {
    const refusal = { name: 'known-devices', status: 403, error: 'not for this role' }
    vi.stubGlobal('fetch', () => Promise.resolve(Response.json([refusal])))
    const asking = { name: 'known-devices', parameters: {} }
    await expect(rowsOf(asking, 'en', undefined)).rejects.toMatchObject({ status: 403, said: refusal })
  })
})
