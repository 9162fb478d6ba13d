// What people type finds the town that they mean.

import { describe, expect, it } from 'vitest'

import { find, register } from '../../src/search/find'
import { townName } from '../../src/words/places'
import { checkDigit, foldKana, foldName, foldRomaji } from '../../src/search/fold'

function town(code: string, name: string, kana: string, romaji: string, population = 1000) {
  const rest = { latitude: 36, longitude: 138, area_km2: 10 }
  return { code, name, kana, romaji, prefecture_code: code.slice(0, 2), population_2020: population, ...rest }
}

const all = register(
  [
    town('20214', '茅野市', 'チノシ', 'Chino-shi', 56_000),
    town('20218', '千曲市', 'チクマシ', 'Chikuma-shi', 58_000),
    town('20201', '長野市', 'ナガノシ', 'Nagano-shi', 372_000),
    town('10424', '長野原町', 'ナガノハラマチ', 'Naganohara-machi', 5_000),
    town('13206', '府中市', 'フチュウシ', 'Fuchu-shi', 262_000),
    town('34208', '府中市', 'フチュウシ', 'Fuchu-shi', 37_000),
    town('12224', '鎌ケ谷市', 'カマガヤシ', 'Kamagaya-shi', 109_000),
    town('02411', '六ヶ所村', 'ロッカショムラ', 'Rokkasho-mura', 10_000),
    town('21381', '神戸町', 'ゴウドチョウ', 'Godo-cho', 18_000),
    town('28100', '神戸市', 'コウベシ', 'Kobe-shi', 1_525_000),
    town('04205', '気仙沼市', 'ケセンヌマシ', 'Kesennuma-shi', 61_000),
    town('08208', '龍ケ崎市', 'リュウガサキシ', 'Ryugasaki-shi', 76_000),
    town('13101', '千代田区', 'チヨダク', 'Chiyoda-ku', 66_000),
    town('31371', '琴浦町', 'コトウラチョウ', 'Kotoura-cho', 16_000),
    town('11369', '東秩父村', 'ヒガシチチブムラ', 'Higashichichibu-mura', 2_700),
  ],
  [
    { code: '13', name: '東京都', romaji: 'Tokyo' },
    { code: '20', name: '長野県', romaji: 'Nagano' },
    { code: '28', name: '兵庫県', romaji: 'Hyogo' },
    { code: '34', name: '広島県', romaji: 'Hiroshima' },
  ],
)
const isShared = (typed: string) => find(all, typed).isShared
const first = (typed: string) => find(all, typed).found[0]?.code

describe('search', () => {
  it.each(['Kotoura', 'kotoura-cho', 'Kotora', 'ことうら'])('%s is 琴浦町', (typed) =>
    expect(first(typed)).toBe('31371'),
  )

  it.each([
    ['茅野市', '20214'],
    ['茅野', '20214'],
    ['ちの', '20214'],
    ['ちのし', '20214'],
    ['チノ', '20214'],
    ['ﾁﾉｼ', '20214'],
    ['chino', '20214'],
    ['Chino-shi', '20214'],
    ['ｃｈｉｎｏ', '20214'],
    ['tino', '20214'],
    ['20214', '20214'],
    ['202142', '20214'],
    ['２０２１４', '20214'],
    ['長野県茅野市', '20214'],
    ['長野県 茅野', '20214'],
  ])('%s is 茅野市', (typed, code) => expect(first(typed)).toBe(code))

  it.each([
    ['鎌ヶ谷', '12224'],
    ['鎌ケ谷', '12224'],
    ['鎌が谷市', '12224'],
    ['六ケ所', '02411'],
    ['竜ヶ崎', '08208'],
    ['けせんぬま', '04205'],
    ['goudo', '21381'],
    ['gōdo', '21381'],
    ['koube', '28100'],
    ['Kōbe', '28100'],
    ['chiyoda ku', '13101'],
    ['tiyoda', '13101'],
  ])('%s is found in either spelling', (typed, code) => expect(first(typed)).toBe(code))

  it('puts the larger of two towns of one name first, and a prefecture decides', () => {
    expect(find(all, 'ふちゅう').found.map(({ code }) => code)).toEqual(['13206', '34208'])
    expect(first('府中 広島')).toBe('34208')
    expect(first('広島県府中市')).toBe('34208')
    expect(first('fuchu hiroshima')).toBe('34208')
    expect(find(all, '府中市').found.every(({ prefecture }) => prefecture !== undefined)).toBe(true)
  })

  it('takes the very name before longer ones, and offers the prefecture too', () => {
    expect(find(all, '長野').found.map(({ code }) => code)).toEqual(['20201', '20', '10424'])
  })

  it('leaves prefectures out where a town is wanted, and still reads them before a name', () => {
    const towns = (typed: string) => find(all, typed, { isOfTowns: true }).found.map(({ code }) => code)
    expect(towns('長野')).toEqual(['20201', '10424'])
    expect(towns('20')).toEqual(['20201', '20214', '20218'])
    expect(towns('広島県府中市')).toEqual(['34208'])
  })

  it('finds a name by its middle only from two signs on', () => {
    expect(first('秩父')).toBe('11369')
    expect(find(all, '父').found).toEqual([])
  })

  it('tells a wrong check digit from a code that nobody has', () => {
    expect(find(all, '202143').doubt).toBe('wrong check digit')
    expect(find(all, '99999').doubt).toBe('unknown code')
    expect(find(all, '202').doubt).toBeUndefined()
    expect(find(all, '存在しない').found).toEqual([])
  })

  it.each([
    ['府中', true],
    ['府中市', true],
    ['ふちゅう', true],
    ['fuchu', true],
    ['神戸', true],
    ['神戸市', false],
    ['府中 広島', false],
    ['東京都府中市', false],
    ['34208', false],
    // The prefecture has the name too, and comes after its city.
    ['長野', false],
    ['なが', false],
    ['茅野', false],
  ])('knows whether several towns are called %s', (typed, expected) => expect(isShared(typed)).toBe(expected))

  it.each([
    ['神戸市中央区', '28100'],
    ['兵庫県神戸市 中央区', '28100'],
    ['灘区 神戸市', '28100'],
    ['Nada-ku, Kobe', '28100'],
    ['kobe nada-ku', '28100'],
    ['28101', '28100'],
    ['灘区', undefined],
    ['Nada-ku', undefined],
  ])('tells that %s is a ward, and of which city', (typed, city) => {
    const finding = find(all, typed)
    expect(finding.found).toEqual([])
    expect(finding.doubt).toBe('ward')
    expect(finding.city?.code).toBe(city)
  })

  it('takes a ward of Tokyo for the town that it is, and other unknown words and codes for no ward', () => {
    expect(first('千代田区')).toBe('13101')
    expect(find(all, '千代田区').doubt).toBeUndefined()
    expect(find(all, '茅野市どこか').doubt).toBeUndefined()
    expect(find(all, '28199').doubt).toBe('unknown code')
  })

  it('says where it leaves some out', () => {
    const many = register(
      Array.from({ length: 13 }, (_, place) =>
        town(`203${20 + place}`, `山${place}村`, 'ヤマムラ', 'Yama-mura'),
      ),
      [],
    )
    expect(find(many, '山').isCut).toBe(true)
    expect(find(many, '203').isCut).toBe(true)
    expect(find(many.slice(1), '山').isCut).toBe(false)
    expect(find(many.slice(1), '山').found).toHaveLength(12)
  })

  it('finds nothing in nothing', () => expect(find(all, '  ').found).toEqual([]))
})

describe('spellings', () => {
  it('reads ヴ as ぶ and small か and け as が in names alone', () => {
    expect(foldKana('ヴィラ')).toBe('びら')
    expect(foldName('袖ヶ浦')).toBe(foldName('袖ケ浦'))
    expect(foldKana('けせんぬま')).toBe('けせんぬま')
  })
  it('writes long vowels short', () => {
    for (const long of ['Tōkyō', 'toukyou', 'Tohkyoh', 'tokyo']) expect(foldRomaji(long)).toBe('tokyo')
    expect(foldRomaji('Shimbashi')).toBe(foldRomaji('sinbasi'))
  })
  it('knows the check digit of 20214', () => expect(checkDigit('20214')).toBe(2))
})

describe('names', () => {
  const names = (code: string, language: 'ja' | 'en') => townName(code, places, language)
  const places = {
    municipalities: [
      town('20214', '茅野市', 'チノシ', 'Chino-shi'),
      town('13206', '府中市', 'フチュウシ', 'Fuchu-shi'),
      town('34208', '府中市', 'フチュウシ', 'Fuchu-shi'),
    ],
    prefectures: [
      { code: '13', name: '東京都', romaji: 'Tokyo' },
      { code: '34', name: '広島県', romaji: 'Hiroshima' },
    ],
  }
  it('have the prefecture where two towns share one', () => {
    expect([names('20214', 'ja'), names('20214', 'en')]).toEqual(['茅野市', 'Chino-shi'])
    expect([names('13206', 'ja'), names('34208', 'en')]).toEqual(['府中市(東京都)', 'Fuchu-shi (Hiroshima)'])
    expect(names('99999', 'ja')).toBe('99999')
  })
})
