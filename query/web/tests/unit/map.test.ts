// What map mode computes: places and colours, never a figure.

import { expect, test } from 'vitest'

import { askingOf } from '../../src/maps/gl/asking'
import { cellsOf } from '../../src/maps/gl/cells'
import { whereabouts } from '../../src/maps/gl/compass'
import { countryOf } from '../../src/maps/gl/country'
import { boxKm2, meshBox } from '../../src/maps/gl/mesh'
import { readPosition, writePosition } from '../../src/maps/gl/position'
import { around, boxOf, fillOf, type Figure } from '../../src/maps/gl/regions'
import { say } from '../../src/maps/gl/say'
import { colourOf, scaleFor } from '../../src/maps/gl/scale'
import { answerAddress, formFor } from '../../src/server/ask'
import type { Answer, Municipality, Row, StatusWords } from '../../src/server/types'

const STATUSES: StatusWords[] = [
  {
    status: 'published',
    has_value: true,
    word: { ja: '公表', en: 'Published' },
    note: { ja: '値', en: 'A value' },
  },
  {
    status: 'provisional',
    has_value: true,
    word: { ja: '速報', en: 'Provisional' },
    note: { ja: '値', en: 'A value' },
  },
  {
    status: 'hidden',
    has_value: false,
    word: { ja: '秘匿', en: 'Not shown' },
    note: {
      ja: '0人という意味ではありません。',
      en: 'It does not mean zero.',
    },
  },
]

function figure(change: Partial<Figure>): Figure {
  return { value: 120, low: 100, high: 140, status: 'published', fewerThan: null, density: 120, ...change }
}

const HIDDEN = figure({ value: null, low: null, high: null, status: 'hidden', fewerThan: 30, density: null })

test('a mesh code is the square of the standard: Tokyo station lies in 53394611', () => {
  const box = meshBox('53394611')
  expect(box).toBeDefined()
  const [west, south, east, north] = box ?? [0, 0, 0, 0]
  expect(west).toBeLessThan(139.7671)
  expect(east).toBeGreaterThan(139.7671)
  expect(south).toBeLessThan(35.6812)
  expect(north).toBeGreaterThan(35.6812)
  // 30 seconds by 45 seconds: a little more than a square kilometre at that latitude.
  expect(boxKm2([west, south, east, north])).toBeCloseTo(1.045, 2)
})

test('what is no code of eight digits, or has an eighth that there is not, is no mesh', () => {
  for (const code of ['5339461', '533946111', '53398611', '53394911x', '882e758e25fffff'])
    expect(meshBox(code)).toBeUndefined()
})

test('a position is read back as it was written, and nonsense is none', () => {
  expect(readPosition('8.1/33.68/135.35')).toEqual({ zoom: 8.1, latitude: 33.68, longitude: 135.35 })
  expect(writePosition({ zoom: 8.1234, latitude: 33.6800001, longitude: 135.35 })).toBe('8.12/33.680/135.350')
  for (const anchor of ['', 'who', '8.1/33.68', '8.1/133.68/135', '99/33/135', '8.1/33.68/NaN'])
    expect(readPosition(anchor)).toBeUndefined()
})

test('borders are round, rise, and leave the greatest figure in the last class', () => {
  for (const greatest of [12, 40, 900, 1000, 4300, 52_000]) {
    const scale = scaleFor(greatest, 'per_km2')
    expect(scale.borders.toSorted((one, other) => one - other)).toEqual(scale.borders)
    for (const border of scale.borders) expect(String(border)).toMatch(/^(0\.0*)?[13]0*$/)
    if (greatest > 30) expect(colourOf(greatest, scale)).toBe(5)
  }
  expect(scaleFor(4300, 'per_km2').borders).toEqual([100, 300, 1000, 3000])
})

test('a border belongs to the class above it', () => {
  const scale = scaleFor(4300, 'per_km2')
  expect([0, 99, 100, 300, 999, 1000, 3000].map((value) => colourOf(value, scale))).toEqual([
    1, 1, 2, 3, 3, 4, 5,
  ])
})

test('what is withheld is hatched, what is not estimated is empty, what is not listed is left alone', () => {
  const scale = scaleFor(4300, 'per_km2')
  expect(fillOf(figure({}), scale)).toEqual({ colour: 2 })
  expect(fillOf(HIDDEN, scale)).toBe('withheld')
  expect(fillOf({ ...HIDDEN, status: 'rolled_up' }, scale)).toBe('withheld')
  expect(fillOf({ ...HIDDEN, status: 'not_observed' }, scale)).toBe('empty')
  expect(fillOf({ ...HIDDEN, status: 'not_computed' }, scale)).toBe('empty')
  expect(fillOf(undefined, scale)).toBe('none')
})

test('a figure is said with its interval, and a hidden one is never 0', () => {
  expect(say(figure({}), STATUSES, 'ja')).toMatchObject({
    figure: '120人',
    interval: '100〜140人',
    spoken: '120人 100から140人',
  })
  expect(say(figure({ status: 'provisional' }), STATUSES, 'ja').interval).toBe('100〜140人(速報)')
  const hidden = say(HIDDEN, STATUSES, 'ja')
  expect(hidden).toMatchObject({ figure: '秘匿', interval: '30人未満' })
  expect(`${hidden.figure}${hidden.interval}`).not.toMatch(/(^|[^0-9])0人/)
})

test('a place is said by distance and direction from the middle of the town', () => {
  expect(whereabouts([138, 36], [138, 36.001], 'ja')).toBe('中心')
  expect(whereabouts([138, 36], [138.1, 36], 'ja')).toBe('中心から東へ9.0km')
  expect(whereabouts([138, 36], [137.9, 35.9], 'en')).toBe('14 km south-west of the middle')
})

test('boxes hold all parts of a shape', () => {
  const ring = [
    [138, 35],
    [139, 35],
    [139, 36],
    [138, 35],
  ]
  expect(boxOf({ type: 'MultiPolygon', coordinates: [[ring], [[[140, 34]]]] })).toEqual([138, 34, 140, 36])
  expect(around([])).toBeUndefined()
})

test('files and the console are of the question that the map was made of', () => {
  const wanted = {
    town: '20214',
    month: '2026-10',
    grid: 'h3_8' as const,
    kind: 'connected' as const,
    revision: 3,
  }
  expect(answerAddress(askingOf(wanted), 3, 'csv-excel')).toBe(
    '/v1/questions/cells-of-town?town=20214&grid=h3_8&month=2026-10&rev=3&format=csv-excel',
  )
  expect(askingOf({ ...wanted, town: undefined })).toEqual({
    name: 'towns-by-kind',
    parameters: { kind: 'connected', month: '2026-10' },
  })
})

function answer(rows: Row[]): Answer {
  const words = { ja: '', en: '' }
  return {
    name: '',
    title: words,
    sentence: words,
    does_not_say: words,
    parameters: {},
    sql: '',
    columns: [],
    rows,
  }
}

test('cells of an answer are coloured by the greatest of all months, and a hidden one has no colour', () => {
  const town: Municipality = {
    code: '13101',
    name: '千代田区',
    kana: '',
    romaji: '',
    prefecture_code: '13',
    latitude: 35.69,
    longitude: 139.75,
    population_2020: 0,
    area_km2: 0,
  }
  const row = { day_type: 'weekday', time_band: 'day', most_persons: 50_000, status: 'published' }
  const rows = [
    { ...row, cell: '53394611', persons: 1000, persons_low: 900, persons_high: 1100, fewer_than: null },
    { ...row, cell: '53394612', persons: null, fewer_than: 30, status: 'hidden' },
    { ...row, cell: 'no cell', persons: 5 },
  ]
  const { regions, frames, scale } = cellsOf(answer(rows), town, 'ja', undefined)
  expect(regions.map(({ key }) => key)).toEqual(['53394611', '53394612'])
  const [shown, hidden] = regions.map(({ id }) => frames.get('weekday-day')?.get(id))
  expect(shown).toMatchObject({ value: 1000, low: 900, high: 1100 })
  expect(shown?.density).toBeCloseTo(1000 / 1.045, -1)
  expect(hidden).toEqual(HIDDEN)
  expect(scale).toEqual(scaleFor(50_000 / 1.045, 'per_km2'))
  expect(cellsOf(answer([]), town, 'ja', undefined)).toMatchObject({ regions: [], frames: new Map() })
})

test('towns are coloured by the released rate, and without one by nothing', () => {
  const rates = { per_100_residents: 120, per_100_residents_low: 110, per_100_residents_high: 130 }
  const { figures } = countryOf(
    answer([
      { municipality_code: '20214', persons: 5000, status: 'published', ...rates },
      { municipality_code: '20321', persons: 5000, status: 'published', per_100_residents: null },
    ]),
    'visitor',
  )
  expect(figures.get('20214')).toMatchObject({ density: 120, rate: { value: 120, low: 110, high: 130 } })
  expect(figures.get('20321')).toMatchObject({ value: 5000, density: null })
  expect(figures.get('20321')?.rate).toBeUndefined()
})

test('files for Excel have Japanese heads in Japanese, and what programs read keeps the names', () => {
  expect(['csv-excel', 'xlsx', 'parquet', 'csv'].map((form) => formFor(form, 'ja'))).toEqual([
    'csv-excel-ja',
    'xlsx-ja',
    'parquet',
    'csv',
  ])
  expect(formFor('xlsx', 'en')).toBe('xlsx')
})
