import { expect, test } from 'vitest'

import type { Row } from '../../src/server/types'
import { askingOf } from '../../src/town/asking'
import { latestYears } from '../../src/town/years'

const row = (period: string, kind: string, persons: number | null = 100): Row => ({ period, kind, persons })
const named = (rows: Row[]) => rows.map((one) => `${String(one['period'])} ${String(one['kind'])}`)

test('the year that ended last comes first, and its kinds as the server has them', () => {
  const rows = [
    row('2025', 'connected'),
    row('2025', 'visitor'),
    row('2025年度', 'connected'),
    row('2025年度', 'visitor'),
    row('2026', 'connected'),
  ]
  expect(named(latestYears(rows))).toEqual([
    '2026 connected',
    '2025年度 connected',
    '2025年度 visitor',
    '2025 connected',
    '2025 visitor',
  ])
})

test('years without a figure and kinds that no card has are not offered', () => {
  const rows = [row('2025', 'connected', null), row('2025', 'days_1'), row('2025', 'workation', 0)]
  expect(named(latestYears(rows))).toEqual(['2025 workation'])
})

test('no more is offered than is read at a glance', () => {
  const rows = Array.from({ length: 14 }, (_, index) => row(String(2000 + index), 'visitor'))
  expect(named(latestYears(rows)).at(-1)).toBe('2004 visitor')
  expect(latestYears(rows)).toHaveLength(10)
})

test('without a month all years are asked for', () => {
  expect(askingOf('years-of-town', '20214', undefined)).toEqual({
    name: 'years-of-town',
    parameters: { town: '20214' },
  })
  expect(askingOf('years-of-town', '20214', '2026-03').parameters['month']).toBe('2026-03')
})
