// A town's name where its prefecture does not stand beside it.
//
// In: a town of the register. Out: its name; of the names that several towns have (府中市, 伊達市, 川上村) with the
// prefecture, so that nobody opens the wrong one. In Latin letters other names coincide than in Japanese.

import type { Language } from '../place/address'
import type { Municipality, Prefecture } from '../server/types'

/** What `/v1/municipalities` says. */
interface Places {
  municipalities: Municipality[]
  prefectures: Prefecture[]
}

/** Names that stand more than once in a register, in both languages. */
const repeated = new WeakMap<Municipality[], Set<string>>()

function repeatedIn(municipalities: Municipality[]): Set<string> {
  let names = repeated.get(municipalities)
  if (names === undefined) {
    const seen = new Set<string>()
    names = new Set<string>()
    for (const name of municipalities.flatMap((town) => [town.name, town.romaji])) {
      if (seen.has(name)) names.add(name)
      seen.add(name)
    }
    repeated.set(municipalities, names)
  }
  return names
}

/** The same of a prefecture too, by its two digits. */
export function placeName(code: string, places: Places, language: Language): string {
  const prefecture = places.prefectures.find((one) => one.code === code)
  if (prefecture === undefined) return townName(code, places, language)
  return language === 'ja' ? prefecture.name : prefecture.romaji
}

/** `茅野市`, `府中市(東京都)`, `Fuchu-shi (Tokyo)`; a code that nobody has stays a code. */
export function townName(code: string, places: Places, language: Language): string {
  const town = places.municipalities.find((one) => one.code === code)
  if (town === undefined) return code
  const name = language === 'ja' ? town.name : town.romaji
  if (!repeatedIn(places.municipalities).has(name)) return name
  const prefecture = places.prefectures.find((one) => one.code === town.prefecture_code)
  if (prefecture === undefined) return name
  return language === 'ja' ? `${name}(${prefecture.name})` : `${name} (${prefecture.romaji})`
}
