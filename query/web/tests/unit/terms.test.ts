import { describe, expect, test } from 'vitest'

import { LINKS, LONG } from '../../src/method/long'
import { isTerm, TERMS } from '../../src/method/names'
import { GROUPS, SHORT } from '../../src/method/short'
import { parse } from '../../src/place/address'

describe('the terms', () => {
  test('each stands in one group of the list', () => {
    const listed = GROUPS.flatMap((group) => group.terms)
    expect([...listed].sort()).toEqual([...TERMS].sort())
    expect(new Set(listed).size).toBe(listed.length)
  })

  test('each has an address of its own that leads to it', () => {
    for (const term of TERMS) expect(parse(`/method/${term}`).page).toEqual({ name: 'method', term })
    expect(isTerm('accessibility'), 'a page of its own and no term').toBe(false)
    expect(isTerm('toString')).toBe(false)
  })

  test('each is explained in both languages: rule, reason, and what to mind', () => {
    for (const term of TERMS) {
      for (const language of ['ja', 'en'] as const) {
        const { rule, basis, mind } = LONG[language][term]
        for (const lines of [rule, basis, mind])
          expect(lines.length, `${term} ${language}`).toBeGreaterThan(0)
      }
      expect(LONG.ja[term].rule.length, `${term} has as many rules in English`).toBe(
        LONG.en[term].rule.length,
      )
    }
  })

  test('two lines stay two lines', () => {
    for (const term of TERMS) {
      expect(SHORT[term].ja.length, term).toBeLessThanOrEqual(80)
      expect(SHORT[term].en.length, term).toBeLessThanOrEqual(190)
    }
  })

  test('none leads to itself', () => {
    for (const term of TERMS) expect(LINKS[term].see).not.toContain(term)
  })

  test('no word says why a single figure is hidden', () => {
    for (const says of [SHORT.hidden, SHORT['rolled-up']]) {
      expect(says.en).not.toMatch(/phone|device|fewer than 10|threshold/i)
      expect(says.ja).not.toMatch(/端末|台|しきい値|ほかの/)
    }
  })
})
