// The TopoJSON of the country, fetched once for every map of the page.
//
// In: the server's document, in which a border of two towns stands once. Out: the same, kept. The maps in SVG project its
// arcs, and map mode takes them in degrees; both start here, so that no reader fetches it twice.

import type { GeometryCollection, Topology } from 'topojson-specification'

import { fetchJson } from '../server/ask'

interface TownProperties {
  municipality_code?: string
  /** The designated city of a ward, since figures are of whole cities. */
  city_code?: string
}

export type Country = Topology<{ municipalities: GeometryCollection<TownProperties> }> & {
  /** The edition of the borders, and whom to name for them. */
  boundaries: string
  credit: string
}

/** What has a code: a geometry of the document, or a shape that is made of one. */
interface Coded {
  id?: string | number | undefined
  properties?: unknown
}

/** The code that figures have here. */
export function codeOf(one: Coded | undefined): string {
  const properties = (one?.properties ?? {}) as TownProperties
  return properties.city_code ?? properties.municipality_code ?? String(one?.id ?? '')
}

let known: Promise<Country> | undefined

/** The outlines of the country; what fails is asked again the next time. */
export function country(): Promise<Country> {
  known ??= fetchJson<Country>('/v1/boundaries', 'ja').catch((error: unknown) => {
    known = undefined
    throw error
  })
  return known
}
