// How places of answers are read, which have their names in Japanese.
//
// In: the register. Out: `Readings`, which look up a name with its prefecture, since two towns may have one name. It stands
// apart from the text of cells: the first view needs it, and none of the headings and words of tables.

import type { Municipality, Prefecture } from '../server/types'

/** Looks up the reading of a place. */
export interface Readings {
  town(name: string, prefecture: string | null): string | undefined
  prefecture(name: string): string | undefined
}

/** Nothing known: names stay as the server has them. */
export const NO_READINGS: Readings = { town: () => undefined, prefecture: () => undefined }

/** Readings of all places. */
export function readingsOf(places: { municipalities: Municipality[]; prefectures: Prefecture[] }): Readings {
  const prefectures = new Map(places.prefectures.map((one) => [one.name, one.romaji]))
  const names = new Map(places.prefectures.map((one) => [one.code, one.name]))
  const towns = new Map<string, string>()
  for (const town of places.municipalities) {
    const reading = withoutRank(town.romaji)
    towns.set(`${names.get(town.prefecture_code) ?? ''}/${town.name}`, reading)
    towns.set(`/${town.name}`, reading)
  }
  return {
    town: (name, prefecture) => towns.get(`${prefecture ?? ''}/${name}`) ?? towns.get(`/${name}`),
    prefecture: (name) => prefectures.get(name),
  }
}

/** A reading without the word for city, ward, town or village: `Chino-shi` is Chino. */
export function withoutRank(romaji: string): string {
  return romaji.replace(/-(shi|ku|cho|machi|son|mura)$/i, '')
}
