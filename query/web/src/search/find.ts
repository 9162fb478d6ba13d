// Which municipality somebody means.
//
// In: the register of municipalities once, then what is typed. Out: the nearest few, best first. The order is by how
// well the text fits and then by size, since who types 「なが」 more often means 長野市 than 長瀞町. All 1,741 are
// looked at for each key: that takes a millisecond or two, and an index would be more to read.

import type { Municipality, Prefecture } from '../server/types'
import { checkDigit, foldKana, foldName, foldRomaji, withoutKind } from './fold'
import { cityOfCode, cityOfName, isDesignated, isOfWard } from './wards'

/** A municipality or a prefecture that fits. */
export interface Found {
  code: string
  kind: 'town' | 'prefecture'
  name: string
  /** The reading in hiragana; a prefecture has none in the register. */
  kana: string
  romaji: string
  /** The prefecture of a municipality. */
  prefecture?: Prefecture
}

interface Entry {
  found: Found
  population: number
  /** Its spellings, folded, each also without 市町村区. */
  spellings: string[]
  bases: string[]
}

export type Register = Entry[]

/** The register, with all spellings folded. */
export function register(municipalities: Municipality[], prefectures: Prefecture[]): Register {
  const names = new Map(prefectures.map((prefecture) => [prefecture.code, prefecture]))
  const towns = municipalities.map((town): Entry => {
    const prefecture = names.get(town.prefecture_code)
    const found: Found = {
      code: town.code,
      kind: 'town',
      name: town.name,
      kana: foldKana(town.kana),
      romaji: town.romaji,
      ...(prefecture === undefined ? {} : { prefecture }),
    }
    return entry(found, town.population_2020)
  })
  const areas = prefectures.map((one) =>
    entry({ code: one.code, kind: 'prefecture', name: one.name, kana: '', romaji: one.romaji }, 0),
  )
  return [...towns, ...areas]
}

function entry(found: Found, population: number): Entry {
  const spellings = [foldName(found.name), foldKana(found.kana), foldRomaji(found.romaji)]
  const bases =
    found.kind === 'town'
      ? spellings.map((one) => withoutKind(one) ?? one)
      : [foldName(found.name.replace(/(?<=.)[都府県]$/, '')), '', spellings[2] ?? '']
  return { found, population, spellings, bases }
}

/** As many as one looks through. */
const MOST = 12

/** What is said where nothing is found: that a code is none, that its last digit is wrong, that it is of a ward, or nothing. */
export type Doubt = 'unknown code' | 'wrong check digit' | 'ward' | undefined

export interface Finding {
  found: Found[]
  /** Whether there are more than those. */
  isCut: boolean
  doubt: Doubt
  /** The city of the ward that is meant, where it can be told. */
  city?: Found
  /** Whether several have the very name that was typed, as 府中市 of 東京都 and of 広島県: nobody knows which one is meant. */
  isShared: boolean
}

/** The best few for what is typed; prefectures among them, unless only towns are wanted. */
export function find(all: Register, typed: string, { isOfTowns = false } = {}): Finding {
  const text = typed.normalize('NFKC').trim()
  if (text === '') return nothing(undefined)
  const wanted = isOfTowns ? all.filter(({ found }) => found.kind === 'town') : all
  if (/^[0-9]+$/.test(text)) return byCode(wanted, text)
  const { rest, within } = withPrefecture(all, text)
  const asked = [foldName(rest), foldKana(rest), foldRomaji(rest)]
  const fits = wanted
    .filter(({ found }) => within === undefined || found.prefecture?.code === within)
    .map((one) => ({ one, rank: rank(one, asked) }))
    .filter(({ rank }) => rank < NEVER)
  fits.sort((a, b) => a.rank - b.rank || b.one.population - a.one.population)
  const isShared = fits[0]?.rank === 0 && fits[1]?.rank === 0
  if (fits.length === 0 && isOfWard(rest)) return nothing('ward', cityOfName(designated(all), rest))
  const found = fits.slice(0, MOST).map(({ one }) => one.found)
  return { found, isCut: fits.length > MOST, doubt: undefined, isShared }
}

function nothing(doubt: Doubt, city?: Found): Finding {
  return { found: [], isCut: false, doubt, isShared: false, ...(city === undefined ? {} : { city }) }
}

function designated(all: Register): Found[] {
  return all.map(({ found }) => found).filter(isDesignated)
}

function byCode(all: Register, digits: string): Finding {
  if (digits.length === 6 && checkDigit(digits) !== Number(digits[5])) return nothing('wrong check digit')
  const code = digits.length === 6 ? digits.slice(0, 5) : digits
  const found = all
    .filter(({ found }) => digits.length <= 6 && found.code.startsWith(code))
    .map(({ found }) => found)
  // 20 is the prefecture itself before its towns.
  found.sort((a, b) => a.code.length - b.code.length || a.code.localeCompare(b.code))
  if (found.length > 0)
    return { found: found.slice(0, MOST), isCut: found.length > MOST, doubt: undefined, isShared: false }
  const city = code.length === 5 ? cityOfCode(designated(all), code) : undefined
  return city === undefined ? nothing('unknown code') : nothing('ward', city)
}

/** A prefecture before or after the name, with or without a space: 「長野県茅野市」, 「府中 広島」, `fuchu hiroshima`. */
function withPrefecture(all: Register, text: string): { rest: string; within: string | undefined } {
  const prefectures = all.filter(({ found }) => found.kind === 'prefecture')
  const words = text.split(/[\s,、,]+/).filter((word) => word !== '')
  for (const word of words.length > 1 ? words : []) {
    const folded = [foldName(word), foldRomaji(word)]
    const one = prefectures.find((entry) =>
      [...entry.spellings, ...entry.bases].some((spelling) => spelling !== '' && folded.includes(spelling)),
    )
    if (one !== undefined)
      return { rest: words.filter((other) => other !== word).join(' '), within: one.found.code }
  }
  const name = foldName(text)
  const before = prefectures.find(({ spellings }) => name.startsWith(spellings[0] ?? ' '))
  const length = before?.found.name.length ?? 0
  if (before === undefined || text.length === length) return { rest: text, within: undefined }
  return { rest: text.slice(length), within: before.found.code }
}

const NEVER = 9

/** How well an entry fits: 0 is the very name. */
function rank({ spellings, bases, found }: Entry, asked: string[]): number {
  const later = found.kind === 'prefecture' ? 0.5 : 0
  const each = asked.map((text, place) => {
    const [whole, base] = [spellings[place] ?? '', bases[place] ?? '']
    if (text === '') return NEVER
    if (text === whole || text === base) return 0
    if (withoutKind(text) === base) return 1
    if (whole.startsWith(text)) return 2
    if (text.length > 1 && whole.includes(text)) return 3
    return NEVER
  })
  const best = Math.min(...each)
  return best === NEVER ? NEVER : best + later
}
