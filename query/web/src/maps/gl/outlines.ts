// Outlines of the country and of one town, for map mode.
//
// In: the TopoJSON of the country, whose border of two towns stands once. Out: shapes to fill by town (wards of a
// designated city under the code of their city, since figures are of whole cities), lines between towns, and lines
// between prefectures, which alone are drawn while the country is small: 1,741 outlines would be a dark net.

import type { Feature, MultiLineString, MultiPolygon } from 'geojson'
import { merge, mesh } from 'topojson-client'
import type { MultiPolygon as Several, Polygon as One } from 'topojson-specification'

import type { Language } from '../../place/address'
import { fetchJson } from '../../server/ask'
import { codeOf, country, type Country } from '../country'
import { boxOf } from './regions'
import type { Box } from './mesh'

export interface Outlines {
  /** By the code of the town. */
  shapes: ReadonlyMap<string, { shape: MultiPolygon; box: Box }>
  towns: MultiLineString
  prefectures: MultiLineString
  /** Both without what runs along a town, whose own outline stands closer to the truth there. */
  without: (code: string) => Pick<Outlines, 'towns' | 'prefectures'>
  /** The edition of the borders, and whom to name for them. */
  boundaries: string
  credit: string
}

let known: Promise<Outlines> | undefined

/** The outlines of the country, made once. */
export function countryOutlines(): Promise<Outlines> {
  known ??= country().then(decoded, (error: unknown) => {
    known = undefined
    throw error
  })
  return known
}

/** The outline of one town, close to the truth. */
export function townOutline(
  code: string,
  language: Language,
  signal: AbortSignal,
): Promise<Feature<MultiPolygon>> {
  return fetchJson<Feature<MultiPolygon>>(`/v1/boundaries/${code}`, language, {
    signal,
    headers: { accept: 'application/geo+json, application/json' },
  })
}

function decoded(country: Country): Outlines {
  const all = country.objects.municipalities
  const parts = new Map<string, (One | Several)[]>()
  for (const one of all.geometries) {
    if (one.type !== 'Polygon' && one.type !== 'MultiPolygon') continue
    const code = codeOf(one)
    parts.set(code, [...(parts.get(code) ?? []), one])
  }
  const shapes = new Map<string, { shape: MultiPolygon; box: Box }>()
  for (const [code, wards] of parts) {
    const shape = merge(country, wards)
    shapes.set(code, { shape, box: boxOf(shape) })
  }
  return {
    shapes,
    ...lines(country),
    without: (code) => lines(country, code),
    boundaries: country.boundaries,
    credit: country.credit,
  }
}

/** Lines between towns and between prefectures, but for those of one town. Coasts have the same town on both sides. */
function lines(country: Country, but?: string): Pick<Outlines, 'towns' | 'prefectures'> {
  const between = (digits: number) =>
    mesh(country, country.objects.municipalities, (one, other) => {
      const [here, there] = [codeOf(one), codeOf(other)]
      if (here === but || there === but) return false
      return one === other || here.slice(0, digits) !== there.slice(0, digits)
    })
  return { towns: between(5), prefectures: between(2) }
}
