// Which towns stand beside a town, by the address.

import { describe, expect, it } from 'vitest'

import { NO_READINGS } from '../../src/figures/readings'
import { marksOf } from '../../src/figures/spec'
import { parse, write } from '../../src/place/address'
import { codesOf, MOST, othersOf } from '../../src/place/versus'
import { askingOf } from '../../src/town/asking'
import { questionsTogether, SECTIONS, specsOf } from '../../src/town/sections'

const REGISTER = ['20214', '20321', '20361', '20363'].map((code) => ({ code }))

describe('towns of an address', () => {
  it('are read and written in their order', () => {
    const place = parse('/t/20214', '?vs=20363,20361')
    expect(place.view.versus).toEqual(['20363', '20361'])
    expect(place.unknown).toEqual([])
    expect(write(place)).toBe('/t/20214?vs=20363,20361')
  })

  it('are no list where there are more than ten, or a code is none, and the page says so', () => {
    const eleven = Array.from({ length: MOST + 1 }, (_one, index) => String(20_201 + index)).join(',')
    for (const text of [eleven, '2036', '20361,', '長野市'])
      expect(parse('/t/20214', `?vs=${text}`)).toMatchObject({ view: {}, unknown: ['vs'] })
  })

  it('stand beside the town without itself, twins and codes that nobody has', () => {
    const versus = ['20363', '20214', '99999', '20363', '20361']
    expect(othersOf('20214', versus, REGISTER)).toEqual(['20363', '20361'])
    expect(othersOf('20214', ['20214', '99999'], REGISTER)).toEqual([])
  })

  it('count all while no register is known', () => {
    expect(othersOf('20214', ['99999', '20214'], [])).toEqual(['99999'])
  })
})

describe('typed codes', () => {
  it('may have any of the usual signs between them', () => {
    expect(codesOf('20361,20363')).toEqual(['20361', '20363'])
    expect(codesOf(' 20361、 ２０３６３ ')).toEqual(['20361', '20363'])
  })

  it('are no list where one is no code', () => {
    for (const text of [
      '',
      '2036',
      '20361,長野市',
      Array(MOST + 1)
        .fill('20361')
        .join(','),
    ])
      expect(codesOf(text)).toBeUndefined()
  })
})

describe('questions of a town', () => {
  it('are of chosen towns instead of those like it, and of no other number', () => {
    const [alike, compared] = [questionsTogether(), questionsTogether(true)]
    expect(compared.length).toBe(alike.length)
    expect(alike.filter((name) => !compared.includes(name))).toEqual(['peers'])
    expect(compared.filter((name) => !alike.includes(name))).toEqual(['towns-compared'])
  })

  it('carry the chosen towns only where they are asked for', () => {
    const parameters = (name: string) => askingOf(name, '20214', '2026-10', ['20363', '20361']).parameters
    expect(parameters('towns-compared')).toEqual({
      town: '20214',
      month: '2026-10',
      others: '20363,20361',
    })
    expect(parameters('stay-rate')).toEqual({ town: '20214', month: '2026-10', other: '20363' })
    expect(parameters('strip')).toEqual({ town: '20214', month: '2026-10' })
    expect(parameters('how-sure')).toEqual({ prefecture: '20', month: '2026-10' })
  })

  it('draw the town first and the others as those beside it', () => {
    const peers = SECTIONS.find(({ anchor }) => anchor === 'peers')
    const specs = peers === undefined ? [] : specsOf(peers, true)
    expect(specs.map((one) => one.question)).toEqual(['rank-and-change', 'towns-compared', 'strip'])
    // What names the towns like it by itself is of the town alone.
    expect(specs[0]?.only).toEqual({ peer_rank: ['0'] })
    const spec = specs[1]
    if (spec === undefined) throw new Error('no chart of the towns beside')
    const words = { ja: '', en: '' }
    const rows = ['20214', '20363'].map((municipality_code, place) => ({
      place,
      municipality_code,
      municipality: municipality_code,
      connected: 100,
      connected_status: 'published',
    }))
    const answer = {
      name: 'towns-compared',
      title: words,
      sentence: words,
      does_not_say: words,
      parameters: {},
      sql: '',
      columns: [],
      rows,
    }
    expect(marksOf(answer, spec, 'ja', NO_READINGS).map(({ role, value }) => [role, value])).toEqual([
      ['own', 100],
      ['peer', 100],
    ])
  })
})
