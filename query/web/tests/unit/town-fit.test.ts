// How small a sheet of the report is set.

import { describe, expect, test } from 'vitest'

import { stepFor } from '../../src/town/fit'

describe('a sheet', () => {
  test.each([
    [900, 1],
    [944, 1],
    [945, 0.95],
    [1142, 0.8],
    [1144, 0.8],
    [5000, 0.5],
  ])('of %d pixels is set at %d', (height, step) => {
    expect(stepFor(944, (zoom) => height * zoom)).toBe(step)
  })

  test('is measured at every step, since smaller text has longer lines', () => {
    // At 0.9 a line is saved, which no height at full size foretells.
    expect(stepFor(944, (zoom) => (zoom > 0.9 ? 1144 : 1040) * zoom)).toBe(0.9)
  })

  test('that never fits is no smaller than can be read', () => {
    const tried: number[] = []
    const step = stepFor(944, (zoom) => {
      tried.push(zoom)
      return 10_000
    })
    expect(step).toBe(0.5)
    expect(tried).toEqual(tried.toSorted((one, other) => other - one))
  })
})
