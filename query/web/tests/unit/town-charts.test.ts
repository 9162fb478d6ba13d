// Which rows of an answer a chart draws, and where.
import { describe, expect, it } from 'vitest'

import { layoutOf } from '../../src/charts/size'
import { fitted, widthOf } from '../../src/charts/svg'
import { tickText, ticksOf, yearsOf } from '../../src/charts/ticks'
import { NO_READINGS, readingsOf } from '../../src/figures/readings'
import { wrapped } from '../../src/figures/picture'
import { pathsOf } from '../../src/figures/sparkline'
import { inTime, marksOf, type Spec } from '../../src/figures/spec'
import type { Answer, Row } from '../../src/server/types'
import { SECTIONS, questionsTogether } from '../../src/town/sections'

function answer(rows: Row[]): Answer {
  const words = { ja: '', en: '' }
  const columns = Object.keys(rows[0] ?? {}).map((name) => ({ name, type: '' }))
  return {
    name: 'x',
    title: words,
    sentence: words,
    does_not_say: words,
    parameters: {},
    sql: '',
    columns,
    rows,
  }
}

const BARS: Spec = {
  question: 'x',
  kind: 'bar',
  category: 'class',
  figure: ['persons', 'low', 'high'],
  unit: 'people',
}

describe('marks', () => {
  it('keep a row without a value, with its state and never as 0', () => {
    const [mark] = marksOf(
      answer([{ class: 'both', persons: null, low: null, high: null, status: 'hidden' }]),
      BARS,
      'ja',
      NO_READINGS,
    )
    expect(mark).toMatchObject({
      label: '両方に泊まる',
      value: null,
      low: null,
      high: null,
      status: 'hidden',
    })
  })

  it('never call published what is not there: a state of the value comes before that of its row', () => {
    const spec: Spec = { ...BARS, figure: ['rate'] }
    const states = (row: Row) =>
      marksOf(answer([{ class: 'both', rate: null, ...row }]), spec, 'ja', NO_READINGS)[0]?.status
    expect(states({ status: 'published', rate_status: 'hidden' })).toBe('hidden')
    expect(states({ status: 'published' })).toBe('')
    expect(states({ status: 'provisional' })).toBe('')
    expect(states({ status: 'published', rate: 1 })).toBe('published')
  })

  it('follow the order of the chart and leave out what it refuses', () => {
    const rows = ['all', 'both', 'day_trip', 'new_word'].map((one) => ({
      class: one,
      persons: 1,
      status: 'published',
    }))
    const spec = { ...BARS, only: { class: ['!all'] }, order: ['day_trip', 'both'] }
    expect(marksOf(answer(rows), spec, 'ja', NO_READINGS).map((mark) => mark.key)).toEqual([
      'day_trip',
      'both',
      'new_word',
    ])
  })

  it('are cut in each facet, and weekdays come first', () => {
    const rows = ['holiday', 'weekday'].flatMap((day_type) =>
      [1, 2, 3].map((persons) => ({ day_type, class: String(persons), persons })),
    )
    const marks = marksOf(answer(rows), { ...BARS, facet: 'day_type', limit: 2 }, 'en', NO_READINGS)
    expect(marks.map((mark) => `${mark.facet} ${mark.key}`)).toEqual([
      'Weekdays 1',
      'Weekdays 2',
      'Holidays 1',
      'Holidays 2',
    ])
  })

  it('are of the newest month alone where the chart is', () => {
    const rows = ['2026-09', '2026-10'].map((month) => ({ month, class: 'both', persons: 1 }))
    expect(marksOf(answer(rows), { ...BARS, newest: true }, 'ja', NO_READINGS)).toHaveLength(1)
  })

  it('tell the own town from its peers', () => {
    const rows = [
      { municipality_code: '20321', class: 'a', persons: 1 },
      { municipality_code: '20214', class: 'b', persons: 1 },
      { municipality_code: '01100', class: 'c', persons: 1 },
    ]
    const roles = { own: '20321', peers: new Set(['20214']) }
    expect(marksOf(answer(rows), BARS, 'ja', NO_READINGS, roles).map((mark) => mark.role)).toEqual([
      'own',
      'peer',
      'other',
    ])
  })

  it('read towns of one name by their prefecture', () => {
    const town = { kana: '', latitude: 0, longitude: 0, population_2020: 0, area_km2: 0 }
    const readings = readingsOf({
      municipalities: [
        { ...town, code: '01233', name: '伊達市', romaji: 'Date-shi', prefecture_code: '01' },
        { ...town, code: '13206', name: '府中市', romaji: 'Fuchu-shi', prefecture_code: '13' },
      ],
      prefectures: [{ code: '13', name: '東京都', romaji: 'Tokyo' }],
    })
    const rows = [{ other: '府中市', other_prefecture: '東京都', persons: 1 }]
    expect(marksOf(answer(rows), { ...BARS, category: 'other' }, 'en', readings)[0]?.label).toBe('Fuchu')
  })
})

describe('room', () => {
  const marks = marksOf(
    answer(['a', 'b'].map((one) => ({ class: one, persons: 1, status: 'published' }))),
    BARS,
    'ja',
    NO_READINGS,
  )

  it('is known before anything is drawn, and grows with the rows', () => {
    const one = layoutOf('bar', marks.slice(0, 1), 800).total
    expect(layoutOf('bar', marks, 800).total).toBeGreaterThan(one)
  })

  it('sets panels side by side only where both fit', () => {
    const two = marks.map((mark, index) => ({ ...mark, facet: String(index) }))
    expect(layoutOf('bar', two, 1000).columns).toBe(2)
    expect(layoutOf('bar', two, 320).columns).toBe(1)
  })

  it('cuts a name that is too long', () => {
    expect(widthOf(fitted('サテライトオフィスの利用者', 80))).toBeLessThanOrEqual(80)
  })
})

describe('ticks', () => {
  const months = Array.from(
    { length: 36 },
    (_one, index) =>
      `${2023 + Math.floor((index + 10) / 12)}-${String(((index + 10) % 12) + 1).padStart(2, '0')}`,
  )

  it('stand at April of a fiscal year where there are many months', () => {
    expect(ticksOf(months, 4)).toEqual(['2024-04', '2025-04', '2026-04'])
    expect(ticksOf(months.slice(-12), 6)).toEqual(['2026-01', '2026-04', '2026-07', '2026-10'])
  })

  it('stand at every third hour of a day, which are in their order', () => {
    const hours = ['10', '9', '0', '23', '12'].toSorted(inTime)
    expect(hours).toEqual(['0', '9', '10', '12', '23'])
    const all = Array.from({ length: 24 }, (_one, hour) => String(hour))
    expect(ticksOf(all, 8)).toHaveLength(8)
    expect(ticksOf(all, 4)).toEqual(['0', '6', '12', '18'])
    expect(ticksOf(all, 4, 140)).toEqual(['0', '12'])
    const none = new Set<string>()
    expect([tickText(none, '6', 'ja'), tickText(none, '6', 'en')]).toEqual(['6時台', '6:30'])
  })

  it('name the year where it begins anew', () => {
    const ticks = ['2026-01', '2026-04']
    const years = yearsOf(ticks, months, 40)
    expect(tickText(years, '2026-01', 'ja')).toBe('1月\n2026年')
    expect(tickText(years, '2026-04', 'ja')).toBe('4月')
  })

  it('leave out a year that would be printed over the next one', () => {
    const ticks = ['2025-10', '2026-01', '2026-04']
    expect([...yearsOf(ticks, months, 40)].toSorted()).toEqual(['2025-10', '2026-01'])
    expect([...yearsOf(ticks, months, 13)]).toEqual(['2026-01'])
  })
})

describe('a sparkline', () => {
  it('breaks where a month has no value and does not fall to the ground', () => {
    const point = (value: number | null) => ({ value, low: value, high: value })
    const paths = pathsOf([point(5), point(6), point(null), point(7)], 40, 20)
    expect(paths.line.match(/M/g)).toHaveLength(2)
    expect(paths.gaps).toEqual([{ x: 20, width: 10 }])
  })

  it('draws nothing where no month has a value', () => {
    const paths = pathsOf([{ value: null, low: null, high: null }], 10, 10)
    expect([paths.line, paths.band, paths.last]).toEqual(['', '', undefined])
  })
})

describe('the page', () => {
  it('has every section once, also those that are not released yet', () => {
    const anchors = SECTIONS.map((section) => section.anchor)
    expect(new Set(anchors).size).toBe(anchors.length)
    expect(anchors).toEqual(
      expect.arrayContaining([
        'who',
        'origins',
        'visits',
        'dual',
        'work',
        'cohort',
        'effect',
        'kpi',
        'peers',
        'map',
        'quality',
        'data',
      ]),
    )
  })

  it('asks each question once and no more than a batch may hold', () => {
    const questions = questionsTogether()
    expect(new Set(questions).size).toBe(questions.length)
    expect(questions.length).toBeLessThanOrEqual(50)
  })
})

describe('the text below a picture', () => {
  it('is broken into lines that fit', () => {
    const lines = wrapped(
      '示せる市区町村だけの和なので、実際より少ない。Only what can be shown is listed here.',
      200,
    )
    expect(lines.length).toBeGreaterThan(2)
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(213)
  })
})
