// Where places fall on the flat map, and how figures look on it.

import { describe, expect, it } from 'vitest'

import { figuresOf, areasOf, kindOf, ratesOf } from '../../src/areas/areas'
import { borders, KINDS, lookOf, OF_RESIDENTS, type Figure } from '../../src/maps/classes'
import { flat } from '../../src/maps/conic'
import { filled, largest, type Polygons } from '../../src/maps/shapes'

describe('the flat map', () => {
  it('has its middle at 0, east to the right and south below', () => {
    expect(flat(137, 38).map(Math.round)).toEqual([0, 0])
    const [tokyo, sapporo, naha] = [flat(139.75, 35.69), flat(141.35, 43.06), flat(127.68, 26.21)]
    expect(tokyo[0]).toBeGreaterThan(0)
    expect(sapporo[1]).toBeLessThan(0)
    expect(naha[1]).toBeGreaterThan(tokyo[1])
  })
  it('keeps distances within two in a hundred: 831 km from 東京 to 札幌', () => {
    const [a, b] = [flat(139.75, 35.69), flat(141.35, 43.06)]
    const km = Math.hypot(a[0] - b[0], a[1] - b[1])
    expect(Math.abs(km / 831 - 1)).toBeLessThan(0.02)
  })
})

describe('classes', () => {
  const figure = (value: number | null, status: string): Figure => ({ value, low: null, high: null, status })
  const limits = borders('connected', 'persons', 'towns')
  it('begins a class at its border', () => {
    expect(lookOf(figure(2_999, 'published'), limits)).toBe(1)
    expect(lookOf(figure(3_000, 'published'), limits)).toBe(2)
    expect(lookOf(figure(1_000_000, 'provisional'), limits)).toBe(5)
  })
  it('has round borders that rise, of people and of rates', () => {
    const all = [
      ...KINDS.flatMap((kind) => [
        borders(kind, 'persons', 'towns'),
        borders(kind, 'persons', 'prefectures'),
      ]),
      ...Object.values(OF_RESIDENTS),
    ]
    for (const limits of all) {
      expect(limits.toSorted((one, other) => one - other)).toEqual(limits)
      for (const limit of limits) expect(String(limit)).toMatch(/^(0\.)?(15|[1-9])0*$/)
    }
  })
  it('hatches what is not shown, and never as a class, however small that is', () => {
    expect(lookOf(figure(null, 'hidden'), limits)).toBe('withheld')
    expect(lookOf(figure(null, 'rolled_up'), limits)).toBe('withheld')
    expect(lookOf(figure(null, 'not_observed'), limits)).toBe('none')
    expect(lookOf(undefined, limits)).toBe('none')
    expect(lookOf(figure(0, 'published'), limits)).toBe(1)
  })
})

describe('paths', () => {
  const square: Polygons = [
    [
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 0],
      ],
    ],
  ]
  it('leave out points on one place, and keep a dot of what is too small to see', () => {
    expect(filled(square, { scale: 10, x: 0, y: 0 })).toBe('M0,0L10,0L10,10L0,0Z')
    expect(filled(square, { scale: 0.001, x: 5, y: 5 })).toBe('M5,5h.1Z')
  })
  it('drop islands that are small beside the land', () => {
    const far: Polygons = [
      ...square,
      [
        [
          [9, 9],
          [9.1, 9],
          [9.1, 9.1],
          [9, 9],
        ],
      ],
    ]
    expect(largest(far)).toEqual(square)
  })
})

describe('areas of an answer', () => {
  const words = { ja: '', en: '' }
  const row = {
    municipality_code: '20214',
    municipality: '茅野市',
    municipality_romaji: 'Chino-shi',
    connected: null,
    connected_low: null,
    connected_high: null,
    connected_status: 'hidden',
    visitor: 5000,
    visitor_low: 4000,
    visitor_high: 6000,
    visitor_status: 'published',
  }
  const answer = {
    name: 'prefecture-towns',
    title: words,
    sentence: words,
    does_not_say: words,
    parameters: {},
    sql: '',
    columns: Object.keys(row).map((name) => ({ name, type: 'utf8' })),
    rows: [row],
  }
  it('keep a hidden figure without a value', () => {
    const [town] = areasOf(answer)
    expect(town?.figures.connected).toEqual({ value: null, low: null, high: null, status: 'hidden' })
    expect(town?.figures.visitor).toEqual({ value: 5000, low: 4000, high: 6000, status: 'published' })
  })
  it('have a map of the same figures as the table', () => {
    const [town] = areasOf(answer)
    expect(figuresOf(answer, 'visitor').get('20214')).toEqual(town?.figures.visitor)
    expect(figuresOf(answer, 'connected').get('20214')?.value).toBeNull()
  })
  it('have rates beside people where any is released, and else none', () => {
    const rate = { value: 9, low: 8, high: 10, status: 'published' }
    const rated = {
      ...row,
      visitor_per_100_residents: 9,
      visitor_per_100_residents_low: 8,
      visitor_per_100_residents_high: 10,
      connected_per_100_residents: null,
    }
    expect(areasOf({ ...answer, rows: [rated] })[0]?.rates.visitor).toEqual(rate)
    expect(ratesOf({ ...answer, rows: [rated] }, 'visitor')?.get('20214')).toEqual(rate)
    expect(ratesOf({ ...answer, rows: [rated] }, 'connected')).toBeUndefined()
    expect(ratesOf(answer, 'visitor')).toBeUndefined()
  })
  it('are read from columns without a name where the answer is about one kind', () => {
    const alone = {
      municipality_code: '20214',
      persons: 5000,
      persons_low: 4000,
      persons_high: 6000,
      status: 'published',
      per_100_residents: 9,
      per_100_residents_low: 8,
      per_100_residents_high: 10,
    }
    const long = { ...answer, parameters: { kind: 'visitor' }, rows: [alone] }
    const [people, rate] = [figuresOf(long, 'visitor'), ratesOf(long, 'visitor')]
    expect(people.get('20214')).toEqual({ value: 5000, low: 4000, high: 6000, status: 'published' })
    expect(rate?.get('20214')).toEqual({ value: 9, low: 8, high: 10, status: 'published' })
    // Of another kind it says nothing, and must not be taken for it.
    expect(figuresOf(long, 'connected').get('20214')?.value).toBeNull()
    expect(ratesOf(long, 'connected')).toBeUndefined()
  })
  it('know three kinds, and take connected people for anything else', () => {
    expect([kindOf('visitor'), kindOf('other'), kindOf(undefined)]).toEqual([
      'visitor',
      'connected',
      'connected',
    ])
  })
})
