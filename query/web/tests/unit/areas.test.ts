// What the page of a prefecture asks when its address changes.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { AreaAnswers, askedFor } from '../../src/areas/answers.svelte'
import type { Asking } from '../../src/server/types'

const WANTED = { code: '20', month: '2026-10', revision: 3, language: 'ja' as const }

// What the page follows is read from the address bar, which there is none of here.
vi.hoisted(() => Object.assign(globalThis, { location: new URL('http://example.test/p/20') }))

let batches: Asking[][] = []
/** Lets the answers come that were held back. */
let answer: () => void = () => undefined
let isHeld = false

beforeEach(() => {
  batches = []
  isHeld = false
  vi.stubGlobal('fetch', async (address: string, { body }: RequestInit = {}) => {
    if (address.startsWith('/v1/municipalities'))
      return Response.json({ municipalities: [], prefectures: [] })
    if (address.startsWith('/v1/statuses')) return Response.json({ statuses: [] })
    const asked = JSON.parse(String(body)) as Asking[]
    batches.push(asked)
    if (isHeld) await new Promise<void>((resolve) => (answer = resolve))
    return Response.json(asked.map((one) => ({ ...one, rows: [{ month: one.parameters['month'] }] })))
  })
})
afterEach(() => vi.unstubAllGlobals())

test('a prefecture has its towns and people of its own, the country its goal and its map too, all of the month', () => {
  expect(askedFor(WANTED, 'visitor')).toEqual([
    { name: 'prefecture-towns', parameters: { prefecture: '20', month: '2026-10' } },
    { name: 'prefecture-people', parameters: { prefecture: '20', month: '2026-10' } },
  ])
  const country = askedFor({ code: '00', month: '2026-10' }, 'visitor')
  expect(country.map(({ name }) => name)).toEqual(['nation-prefectures', 'national-goal', 'towns-by-kind'])
  expect(country.every(({ parameters }) => parameters['month'] === '2026-10')).toBe(true)
  expect(askedFor({ code: '20', month: undefined }, 'visitor')[0]?.parameters).toEqual({ prefecture: '20' })
})

test('what is shown stays while another month is on its way, and says that it waits', async () => {
  const answers = new AreaAnswers()
  await answers.show(WANTED, 'connected')
  expect(answers.all[0]?.rows[0]?.['month']).toBe('2026-10')
  expect(answers.isWaiting).toBe(false)

  isHeld = true
  const showing = answers.show({ ...WANTED, month: '2026-09' }, 'connected')
  expect(answers.isWaiting).toBe(true)
  expect(answers.all[0]?.rows[0]?.['month']).toBe('2026-10')
  await vi.waitFor(() => expect(batches).toHaveLength(2))
  answer()
  await showing
  expect(answers.all[0]?.rows[0]?.['month']).toBe('2026-09')
  expect(answers.asking?.parameters['month']).toBe('2026-09')
  expect(answers.isWaiting).toBe(false)
})

test('figures of another prefecture go at once', async () => {
  const answers = new AreaAnswers()
  await answers.show(WANTED, 'connected')
  isHeld = true
  const showing = answers.show({ ...WANTED, code: '13' }, 'connected')
  expect(answers.all).toEqual([])
  await vi.waitFor(() => expect(batches).toHaveLength(2))
  answer()
  await showing
  expect(answers.all.map(({ name }) => name)).toEqual(['prefecture-towns', 'prefecture-people'])
})
