// What the page of a town asks when its address changes.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import type { Asking } from '../../src/server/types'
import { TownAnswers } from '../../src/town/answers.svelte'

const WANTED = {
  code: '20214',
  month: '2026-10',
  revision: 3,
  language: 'ja' as const,
  versus: [] as string[],
}
const REGISTER = ['20214', '20321', '20361', '20363'].map((code) => ({ code }))

/** The questions of each request, in their order. */
let batches: Asking[][] = []

function answerTo({ name, parameters }: Asking) {
  const peers = [{ peer_rank: 1, municipality_code: '20321' }]
  const words = { ja: '', en: '' }
  const rows = name === 'peers' ? peers : []
  return { name, title: words, sentence: words, does_not_say: words, parameters, sql: '', columns: [], rows }
}

beforeEach(() => {
  batches = []
  vi.stubGlobal('fetch', (address: string, { body }: RequestInit = {}) => {
    if (address.startsWith('/v1/municipalities'))
      return Promise.resolve(Response.json({ municipalities: REGISTER, prefectures: [] }))
    const asked = JSON.parse(String(body)) as Asking[]
    batches.push(asked)
    return Promise.resolve(Response.json(asked.map(answerTo)))
  })
})
afterEach(() => vi.unstubAllGlobals())

const named = (batch: Asking[] | undefined, name: string) => batch?.find((one) => one.name === name)

test('a town stands beside those like it, or beside those of the address that there are', async () => {
  const answers = new TownAnswers()
  await answers.show(WANTED)
  expect(batches).toHaveLength(3)
  expect(named(batches[1], 'peers')).toBeDefined()
  expect(named(batches[2], 'stay-rate')?.parameters['other']).toBe('20321')

  const chosen = new TownAnswers()
  batches = []
  await chosen.show({ ...WANTED, versus: ['99999', '20363', '20361'] })
  expect(named(batches[1], 'peers')).toBeUndefined()
  expect(named(batches[1], 'towns-compared')?.parameters['others']).toBe('20363,20361')
  expect(named(batches[2], 'stay-rate')?.parameters['other']).toBe('20363')
})

test('other towns beside it change their own answers alone, and the way back does', async () => {
  const answers = new TownAnswers()
  await answers.show(WANTED)
  const all = answers.sections?.size
  batches = []
  await answers.show({ ...WANTED, versus: ['20363'] })
  expect(batches.map((batch) => batch.map(({ name }) => name))).toEqual([['towns-compared'], ['stay-rate']])
  expect(answers.sections?.has('peers')).toBe(false)
  expect(answers.sections?.size).toBe(all)
  batches = []
  await answers.show(WANTED)
  expect(batches.map((batch) => batch.map(({ name }) => name))).toEqual([['peers'], ['stay-rate']])
  expect(answers.sections?.has('towns-compared')).toBe(false)
})

test('what is asked again, or of another month, is asked whole', async () => {
  const answers = new TownAnswers()
  await answers.show(WANTED)
  for (const again of [WANTED, { ...WANTED, month: '2026-09', versus: ['20363'] }]) {
    batches = []
    await answers.show(again)
    expect(batches).toHaveLength(3)
    expect(named(batches[0], 'town-summary')?.parameters['month']).toBe(again.month)
  }
})
