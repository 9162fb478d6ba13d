import { describe, expect, test } from 'vitest'

import { daysOf, plain } from '../../src/quality/numbers'
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
