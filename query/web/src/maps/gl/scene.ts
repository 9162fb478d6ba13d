// A whole map: what is coloured, by what, and what lies around it.
//
// In: what the address says. Out: a `Scene`, either the cells of one town or all towns of the country. What only helps
// to find one's way (outlines, names) may fail without taking the figures along.

import type { MultiPolygon } from 'geojson'

import type { Language } from '../../place/address'
import { askOne } from '../../server/ask'
import { knownPlaces } from '../../server/facts'
import type { Answer, Municipality, Prefecture } from '../../server/types'
import { askingOf, type Wanted } from './asking'
import { cellsOf, hexagons } from './cells'
import { countryOf } from './country'
import type { Box } from './mesh'
import { countryOutlines, townOutline, type Outlines } from './outlines'
import { around, boxOf, type Figure, type Frame, type Region } from './regions'
import type { Scale } from './scale'

export interface Named {
  name: string
  at: [number, number]
}

export interface Scene {
  /** The town whose cells are shown, nothing for the country. */
  town: Municipality | undefined
  month: string
  /** What the server says of what is shown. */
  answer: Answer | undefined
  regions: Region[]
  /** By step of the slider; the country has one, `all`. */
  frames: ReadonlyMap<string, Frame>
  scale: Scale
  /** What encloses all there is to see. */
  box: Box
  own: MultiPolygon | undefined
  outlines: Outlines | undefined
  townNames: Named[]
  prefectureNames: Named[]
}

const JAPAN: Box = [126.5, 26, 146.2, 45.7]

/** The map that is wanted. */
export async function sceneOf(wanted: Wanted, language: Language, signal: AbortSignal): Promise<Scene> {
  const outlines = countryOutlines()
  const { municipalities, prefectures } = await knownPlaces()
  const ask = () => askOne(askingOf(wanted), language, { revision: wanted.revision, signal })
  const names = {
    townNames: named(municipalities, language),
    prefectureNames: prefectureNames(municipalities, prefectures, language),
  }
  if (wanted.town === undefined) {
    const [shapes, answer] = await Promise.all([outlines, ask()])
    const country = countryOf(answer, wanted.kind)
    const regions = townRegions(shapes, municipalities, prefectures, language)
    const frame = new Map<number, Figure>()
    for (const region of regions) {
      const figure = country.figures.get(region.key)
      if (figure !== undefined) frame.set(region.id, figure)
    }
    const frames = new Map([['all', frame]])
    const { scale } = country
    return {
      ...names,
      town: undefined,
      month: wanted.month,
      answer,
      regions,
      frames,
      scale,
      box: JAPAN,
      own: undefined,
      outlines: shapes,
    }
  }
  const town = municipalities.find((one) => one.code === wanted.town)
  if (town === undefined) throw new UnknownTown(wanted.town)
  const [answer, h3, own, around_] = await Promise.all([
    ask(),
    hexagons(wanted.grid),
    townOutline(town.code, language, signal).catch(() => undefined),
    outlines.catch(() => undefined),
  ])
  const { regions, frames, scale } = cellsOf(answer, town, language, h3)
  const box = own === undefined ? around(regions.map((region) => region.box)) : boxOf(own.geometry)
  return {
    ...names,
    town,
    month: wanted.month,
    answer,
    regions,
    frames,
    scale,
    box: box ?? beside(town),
    own: own?.geometry,
    outlines: around_,
  }
}

/** An address names a town that the release does not know. */
export class UnknownTown extends Error {
  constructor(readonly code: string) {
    super(`no town has the code ${code}`)
  }
}

function beside({ longitude, latitude }: Municipality): Box {
  return [longitude - 0.1, latitude - 0.1, longitude + 0.1, latitude + 0.1]
}

let townsBefore: { outlines: Outlines; language: Language; regions: Region[] } | undefined

/** The towns as regions: the same ones for each kind and month, so that their shapes are drawn once. */
function townRegions(
  outlines: Outlines,
  municipalities: Municipality[],
  prefectures: Prefecture[],
  language: Language,
): Region[] {
  if (townsBefore?.outlines !== outlines || townsBefore.language !== language)
    townsBefore = {
      outlines,
      language,
      regions: madeOfTowns(outlines, municipalities, prefectures, language),
    }
  return townsBefore.regions
}

function madeOfTowns(
  outlines: Outlines,
  municipalities: Municipality[],
  prefectures: Prefecture[],
  language: Language,
): Region[] {
  const prefecture = new Map(prefectures.map((one) => [one.code, language === 'ja' ? one.name : one.romaji]))
  return municipalities.flatMap((town) => {
    const outline = outlines.shapes.get(town.code)
    if (outline === undefined) return []
    const name = language === 'ja' ? town.name : town.romaji
    const where = prefecture.get(town.prefecture_code) ?? ''
    return [{ id: Number(town.code), key: town.code, name, where, shape: outline.shape, box: outline.box }]
  })
}

/** Names of towns at their points, the largest first, since not all fit at once. */
function named(municipalities: Municipality[], language: Language): Named[] {
  return municipalities
    .toSorted((one, other) => other.population_2020 - one.population_2020)
    .map((town) => ({
      name: language === 'ja' ? town.name : town.romaji,
      at: [town.longitude, town.latitude],
    }))
}

/** Names of prefectures, each at its largest town. */
function prefectureNames(
  municipalities: Municipality[],
  prefectures: Prefecture[],
  language: Language,
): Named[] {
  const largest = new Map<string, Municipality>()
  for (const town of municipalities) {
    const before = largest.get(town.prefecture_code)
    if (before === undefined || before.population_2020 < town.population_2020)
      largest.set(town.prefecture_code, town)
  }
  return prefectures.flatMap((one) => {
    const town = largest.get(one.code)
    if (town === undefined) return []
    return [{ name: language === 'ja' ? one.name : one.romaji, at: [town.longitude, town.latitude] as const }]
  }) as Named[]
}
