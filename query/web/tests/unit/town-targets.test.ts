// Targets: how they are drawn, and what the page makes of a refusal.
import { describe, expect, it } from 'vitest'

import { layoutOf, runsOf } from '../../src/charts/size'
import { NO_READINGS } from '../../src/figures/readings'
import { marksOf } from '../../src/figures/spec'
import { figureText, intervalText } from '../../src/figures/units'
import { Failure } from '../../src/server/ask'
import type { Answer, Row } from '../../src/server/types'
import { TARGETS } from '../../src/town/sections'
import { fiscalYearOf, refusedBy } from '../../src/town/targets'

const row: Row = {
  target_number: 1,
  target_name: '通う人をふやす',
  kind: 'connected',
  direction: 'at_least',
  fiscal_year: '2025',
  target_persons: 38_000,
  persons: null,
  persons_low: null,
  persons_high: null,
  status: 'hidden',
  verdict: 'hidden',
}
const words = { ja: '', en: '' }
const answer: Answer = {
  name: 'targets',
  title: words,
  sentence: words,
  does_not_say: words,
  parameters: {},
  sql: '',
  columns: Object.keys(row).map((name) => ({ name, type: '' })),
  rows: [row, { ...row, kind: 'visitor' }],
}

describe('a target', () => {
  it('is drawn with its year, its number and the verdict, and a hidden figure stays without a number', () => {
    const [mark] = marksOf(answer, TARGETS, 'ja', NO_READINGS)
    expect(mark).toMatchObject({
      label: '通う人をふやす',
      beside: '2025年度',
      target: 38_000,
      verdict: '秘匿',
      value: null,
    })
    expect(marksOf(answer, TARGETS, 'en', NO_READINGS)[0]?.beside).toBe('fiscal 2025')
  })

  it('has the whole width, since its words are long', () => {
    expect(layoutOf('bar', marksOf(answer, TARGETS, 'ja', NO_READINGS), 1200).columns).toBe(1)
  })

  it('is offered for the fiscal year of the month, April to March', () => {
    expect(['2026-03', '2026-04', '2026-12'].map(fiscalYearOf)).toEqual([2025, 2026, 2026])
  })

  it('that may not be written needs an officer, and any other refusal has its own words', () => {
    expect([401, 403].map((status) => refusedBy(new Failure(status, { error: 'x' })))).toEqual([
      'officer',
      'officer',
    ])
    const failure = new Failure(400, { error: 'no fiscal year of a plan' })
    expect(refusedBy(failure)).toEqual({ said: failure })
  })
})

describe('a figure', () => {
  it('with a lower end alone has no interval', () => {
    const ends = { value: 3.44, low: null, high: null, least: 2.07 }
    expect(intervalText(ends, 'times', 'ja')).toBe('少なくとも2.1倍')
    expect(intervalText(ends, 'times', 'en')).toBe('at least 2.1 times')
  })

  it('whose ends would read the same has a decimal more', () => {
    const ends = { value: 11.2, low: 10.8, high: 11.4 }
    expect([figureText(ends, 'percent', 'ja'), intervalText(ends, 'percent', 'ja')]).toEqual([
      '11.2%',
      '10.8〜11.4%',
    ])
  })
})

describe('months without a value', () => {
  it('are one hatch as long as they follow each other at one height', () => {
    expect(runsOf([0, 10, 10, 90, 0, 10])).toEqual([
      { from: 1, to: 3, high: 10 },
      { from: 3, to: 4, high: 90 },
      { from: 5, to: 6, high: 10 },
    ])
  })
})
