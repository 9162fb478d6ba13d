// Which tables invite to take the parts that are shown from their whole.

import { expect, test } from 'vitest'

import { areInParts } from '../../src/figures/parts'

const hasValue = (status: string) => status === 'published'
const row = (persons: number | null, status: string) => ({ persons, status })

test('a table has gaps where one part is withheld beside two that are shown', () => {
  const shown = [row(900, 'published'), row(400, 'published')]
  expect(areInParts([...shown, row(null, 'hidden')], hasValue)).toBe(true)
  expect(areInParts(shown, hasValue)).toBe(false)
  expect(areInParts([row(900, 'published'), row(null, 'hidden')], hasValue)).toBe(false)
  // A cell that is empty for another reason is no withheld part.
  expect(areInParts([...shown, row(null, 'published')], hasValue)).toBe(false)
})

test('each figure of a row goes by its own state, and a rate is no part', () => {
  const rows = (visitor: string, connected: string) =>
    [300, 200, null].map((value) => ({
      visitor: 100,
      visitor_status: visitor,
      connected: value,
      connected_status: value === null ? connected : 'published',
    }))
  expect(areInParts(rows('published', 'rolled_up'), hasValue)).toBe(true)
  expect(areInParts(rows('published', 'published'), hasValue)).toBe(false)
  const rates = [9, 8, null].map((value) => ({
    telework_rate_percent: value,
    status: value === null ? 'hidden' : 'published',
  }))
  expect(areInParts(rates, hasValue)).toBe(false)
})
