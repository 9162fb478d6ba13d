// What the console does with answers and errors before it shows them.

import { expect, test } from 'vitest'

import { guess } from '../../src/console/guess'
import { matching } from '../../src/console/match'
import { valueOf, valuesFor } from '../../src/console/named'
import { lineAt, questionPlace, sqlPlace } from '../../src/console/place'
import { beginning, sqlAddress } from '../../src/console/run'
import { stateOf } from '../../src/console/states'
import { parse } from '../../src/place/address'
import { pinnedAddress } from '../../src/place/share'
import type { Parameter, QuestionDescription, Row } from '../../src/server/types'

test('own SQL stands after # alone, whatever signs it has, and is read back', () => {
  const sql = "SELECT '100%' AS a, \"茅野\"\nFROM t WHERE x = '#?&+'"
  const address = sqlPlace(sql, 'ja', { month: '2026-10', question: 'origins-top5' })
  const [before = '', after = ''] = address.split('#')
  expect(before).toBe('/sql?m=2026-10')
  expect(parse('/sql', '?m=2026-10', `#${after}`).anchor).toBe(sql)
})

test('a place in the SQL is a line and a word of it, in characters and not in halves of them', () => {
  const sql = "SELECT '𠮷野家',\n  persns FROM t"
  const position = [...sql].findIndex((_, at, all) => all.slice(at, at + 6).join('') === 'persns') + 1
  expect(lineAt(sql, position)).toEqual({ line: '  persns FROM t', number: 2, from: 2, to: 8 })
  expect(lineAt('SELECT', 7)).toMatchObject({ number: 1, from: 6, to: 7 })
})

test('an empty figure has the state of its row, or the one beside it', () => {
  const one: Row = { persons: null, persons_low: null, fewer_than: null, status: 'hidden' }
  expect(stateOf(one, 'persons')).toBe('hidden')
  expect(stateOf(one, 'persons_low')).toBe('hidden')
  expect(stateOf(one, 'fewer_than')).toBeUndefined()
  const two: Row = {
    visitor: null,
    visitor_low: null,
    visitor_status: 'not_observed',
    connected: 3,
    status: null,
  }
  expect(stateOf(two, 'visitor')).toBe('not_observed')
  expect(stateOf(two, 'visitor_low')).toBe('not_observed')
  expect(stateOf(two, 'connected')).toBeUndefined()
  expect(stateOf({ a: null }, 'a')).toBeUndefined()
})

test('of an answer that was given up the whole rows are kept', () => {
  const whole = '{"columns":[{"name":"a","type":"text"}],"rows":[{"a":"},{"},{"a":"x"},{"a":"y"}'
  expect(beginning(`${whole},{"a":"cut of`).rows.map((row) => row['a'])).toEqual(['},{', 'x', 'y'])
  expect(beginning('{"columns":[').rows).toEqual([])
})

test('SQL goes into the address of a file whole', () => {
  const address = new URL(sqlAddress("SELECT '茅野市' & 1", 'xlsx', 3), 'http://example.test')
  expect(address.searchParams.get('sql')).toBe("SELECT '茅野市' & 1")
  expect(address.searchParams.get('rev')).toBe('3')
})

const QUESTION: QuestionDescription = {
  name: 'origins-top5',
  title: { ja: '', en: '' },
  does_not_say: { ja: '', en: '' },
  parameters: [
    { name: 'there', type: 'municipality', meaning: { ja: '', en: '' }, example: '20321' },
    { name: 'area', type: 'prefecture', meaning: { ja: '', en: '' }, example: '20' },
    { name: 'month', type: 'month', meaning: { ja: '', en: '' }, example: '2026-10' },
  ],
}

test('a word of one sign is no part of a word that stands in most titles', () => {
  const all = ['長野県の都道府県別の人数', '高速道路から入る人', '市区町村の数'].map((text) => ({ text }))
  const texts = (typed: string) => matching(all, typed).map(({ text }) => text)
  expect(texts('道')).toEqual(['高速道路から入る人'])
  expect(texts('都道府県')).toEqual(['長野県の都道府県別の人数'])
  expect(texts('人数 長野')).toEqual(['長野県の都道府県別の人数'])
  expect(texts('')).toHaveLength(3)
  expect(texts('橋')).toEqual([])
})

test('a question is asked of the town in the address, else of its own example', () => {
  expect(valuesFor(QUESTION, { town: '30401', month: '2026-09' }).parameters).toEqual({
    there: '30401',
    area: '30',
    month: '2026-09',
  })
  expect(valuesFor(QUESTION, {})).toEqual({
    parameters: { there: '20321', area: '20' },
    view: {},
    example: '20',
  })
})

test('a prefecture in the place of a town is asked about, and what is an example is told', () => {
  const [town, area] = QUESTION.parameters
  const ofArea = { ...QUESTION, parameters: [area ?? KIND] }
  expect(valuesFor(ofArea, { town: '32' })).toEqual({
    parameters: { area: '32' },
    view: { town: '32' },
    example: undefined,
  })
  const ofTown = { ...QUESTION, parameters: [town ?? KIND] }
  expect(valuesFor(ofTown, { town: '32' })).toEqual({
    parameters: { there: '20321' },
    view: { town: '32' },
    example: '20321',
  })
})

const KIND: Parameter = {
  name: 'kind',
  type: 'kind',
  meaning: { ja: '', en: '' },
  example: 'connected',
  allowed: ['connected', 'visitor'].map((value) => ({ value, ja: value, en: value })),
}

test('a word of a list is that of the address where the list has it', () => {
  const question = { ...QUESTION, parameters: [KIND] }
  expect(valuesFor(question, { kind: 'visitor' })).toEqual({
    parameters: { kind: 'visitor' },
    view: { kind: 'visitor' },
    example: undefined,
  })
  expect(valuesFor(question, { kind: 'h3_8' }).parameters).toEqual({ kind: 'connected' })
  // The town of the address is none of its values, and stays there for the next question.
  expect(valuesFor(question, { town: '29449' })).toEqual({
    parameters: { kind: 'connected' },
    view: { town: '29449', kind: 'connected' },
    example: undefined,
  })
  expect(valueOf(KIND, undefined)).toBe('connected')
})

test('a second town, or several, are those of the address and never the town itself', () => {
  const [town] = QUESTION.parameters
  const others = { name: 'others', type: 'municipalities', meaning: KIND.meaning, example: '20202,13103' }
  const compared = { ...QUESTION, parameters: [town ?? KIND, others] }
  expect(valuesFor(compared, { town: '20214', versus: ['20361', '20214'] })).toEqual({
    parameters: { there: '20214', others: '20361' },
    view: { town: '20214', versus: ['20361'] },
    example: undefined,
  })
  expect(valuesFor(compared, { town: '20202' }).parameters['others']).toBe('13103')
  const pair = { ...QUESTION, parameters: [town ?? KIND, { ...others, name: 'other', type: 'municipality' }] }
  expect(valuesFor(pair, { versus: ['20361', '20363'] }).parameters).toEqual({
    there: '20321',
    other: '20361',
  })
})

test('the address of a question has the values with which it was asked', () => {
  const place = (name: string, parameters: Record<string, string>) =>
    questionPlace({ name, parameters }, 'en', 3)
  expect(place('prefecture-towns', { prefecture: '20' })).toBe('/en/sql?rev=3&t=20&q=prefecture-towns')
  expect(place('cells-of-town', { town: '20214', grid: 'h3_7', month: '2026-10' })).toBe(
    '/en/sql?m=2026-10&rev=3&t=20214&k=h3_7&q=cells-of-town',
  )
  expect(place('towns-by-kind', { kind: 'repeat' })).toBe('/en/sql?rev=3&k=repeat&q=towns-by-kind')
  expect(place('towns-compared', { town: '20214', others: '20361,20363' })).toBe(
    '/en/sql?rev=3&t=20214&vs=20361,20363&q=towns-compared',
  )
})

const COLUMNS = ['month', 'origin', 'persons', 'persons_low', 'persons_high', 'status'].map((name) => ({
  name,
  type: name.startsWith('persons') ? 'bigint' : 'text',
}))
const row = (month: string, origin: string, persons: number | null): Row => ({
  month,
  origin,
  persons,
  persons_low: persons,
  persons_high: persons,
  status: persons === null ? 'hidden' : 'published',
})

test('a chart runs along months, with a line for each of a few', () => {
  const rows = ['2026-09', '2026-10'].flatMap((month) => [
    row(month, '大阪府', 5),
    row(month, '奈良県', null),
  ])
  expect(guess(COLUMNS, rows)).toMatchObject({
    kind: 'line',
    category: 'month',
    series: 'origin',
    figure: ['persons', 'persons_low', 'persons_high'],
  })
  expect(guess(COLUMNS, [row('2026-10', '大阪府', 5), row('2026-10', '奈良県', 2)])).toMatchObject({
    kind: 'bar',
    category: 'origin',
  })
})

test('there is no chart where two rows would share a place, or nothing is a figure', () => {
  const rows = [row('2026-09', 'a', 1), row('2026-10', 'a', 1), row('2026-10', 'a', 2)]
  expect(guess(COLUMNS, rows)).toBeUndefined()
  expect(guess([{ name: 'n', type: 'bigint' }], [{ n: 1 }, { n: 2 }])).toBeUndefined()
})

test('a copied address names month, definition and revision, and keeps what stands after #', () => {
  const now = 'http://127.0.0.1/sql?q=origins-top5&t=20214#8/33/135'
  const address = pinnedAddress(now, { revision: 3, definition: 'connected-2026/5', month: '2026-10' })
  expect(address).toBe(
    'http://127.0.0.1/sql?q=origins-top5&t=20214&m=2026-10&d=connected-2026.5&rev=3#8/33/135',
  )
  expect(parse('/sql', new URL(address).search).unknown).toEqual([])
})
