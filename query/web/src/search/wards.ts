// Whether somebody means a ward of a designated city, which no figure is of.
//
// In: the designated cities of the register, and what is typed. Out: the city, where the words or the code tell it; that a
// ward may be meant, where they do not. The register has no wards: their people are those of the city.

import type { Found } from './find'
import { foldName, foldRomaji, withoutKind } from './fold'

/** The code of a designated city is the round number before those of its wards: 14100 of 14101 to 14118. */
const ROUND = /^[0-9]{2}1[0-9]0$/
/** No city has more wards, so that a code further away is of none. */
const MOST_WARDS = 29

export function isDesignated({ code, name }: Pick<Found, 'code' | 'name'>): boolean {
  return ROUND.test(code) && name.endsWith('市')
}

/** The city that a code of five digits is a ward of. */
export function cityOfCode(cities: Found[], code: string): Found | undefined {
  const before = cities.filter((city) => city.code.slice(0, 3) === code.slice(0, 3) && city.code < code)
  const city = before.toSorted((one, other) => one.code.localeCompare(other.code)).at(-1)
  return city !== undefined && Number(code) - Number(city.code) <= MOST_WARDS ? city : undefined
}

/** Whether a word ends as the name of a ward does. */
export function isOfWard(text: string): boolean {
  return /.区(?=$|[\s,、,])|[a-z]-ku\b|[a-z]\s+ku$/i.test(text)
}

/** The city that stands before a ward, or beside it: 「横浜市港北区」, `Kohoku-ku, Yokohama`. */
export function cityOfName(cities: Found[], text: string): Found | undefined {
  const words = text.split(/[\s,、,]+/).filter((word) => word !== '')
  return cities.find(({ name, romaji }) => {
    const [characters, latin] = [foldName(name), foldRomaji(romaji)]
    const called = [characters, withoutKind(characters), latin, withoutKind(latin)]
    const isNamed = words.some((word) => called.includes(foldName(word)) || called.includes(foldRomaji(word)))
    return isNamed || foldName(words.join('')).startsWith(characters)
  })
}
