// The outlines of the country on a flat map, made once and kept.
//
// In: the server's TopoJSON, in which a border of two towns stands once. Out: shapes of towns and of whatever is made by
// putting towns together, on a flat map. The arcs are projected, and not each shape, so that shapes put together
// still share their borders and the lines between prefectures can be told from the coast.

import { merge, mesh, neighbors } from 'topojson-client'
import type { GeometryCollection, MultiPolygon, Polygon, Topology } from 'topojson-specification'

import { flat, type Point } from './conic'
import { codeOf, country, type Country } from './country'
import type { Lines, Polygons } from './shapes'

type Geometry = Polygon | MultiPolygon

export class Outlines {
  readonly credit: string
  /** All towns that have an outline; the wards of a designated city are put together. */
  readonly codes: string[]
  private readonly towns = new Map<string, Geometry[]>()
  private readonly shapes = new Map<string, Polygons>()
  private readonly topology: Topology

  constructor(country: Country) {
    this.credit = country.credit
    this.topology = { type: 'Topology', objects: country.objects, arcs: flatArcs(country) }
    for (const geometry of country.objects.municipalities.geometries) {
      if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') continue
      const code = codeOf(geometry)
      this.towns.set(code, [...(this.towns.get(code) ?? []), geometry as Geometry])
    }
    this.codes = [...this.towns.keys()]
  }

  /** The shape of a town. */
  town(code: string): Polygons {
    let shape = this.shapes.get(code)
    if (shape === undefined) {
      shape = this.together([code])
      this.shapes.set(code, shape)
    }
    return shape
  }

  /** Towns put together, without the borders between them. */
  together(codes: string[]): Polygons {
    return merge(this.topology, this.geometries(codes)).coordinates as Polygons
  }

  /** The borders between these towns, where `between` holds of the two. */
  borders(codes: string[], between: (one: string, other: string) => boolean): Lines {
    const geometries = this.geometries(codes)
    const part: GeometryCollection = { type: 'GeometryCollection', geometries }
    const lines = mesh(this.topology, part, (one, other) => {
      const [a, b] = [codeOf(one), codeOf(other)]
      return a !== b && between(a, b)
    })
    return lines.coordinates as Lines
  }

  /** The towns that share a border with one. */
  neighbours(code: string): string[] {
    const geometries = this.geometries(this.codes)
    const beside = neighbors(geometries)
    const found = geometries.flatMap((geometry, place) =>
      codeOf(geometry) === code ? (beside[place] ?? []).map((other) => codeOf(geometries[other])) : [],
    )
    return [...new Set(found)].filter((other) => other !== code && other !== '').sort()
  }

  private geometries(codes: string[]): Geometry[] {
    return codes.flatMap((code) => this.towns.get(code) ?? [])
  }
}

/** The arcs on the flat map: steps of a grid are added up, and each place projected. */
function flatArcs({ arcs, transform }: Country): Point[][] {
  const [scaleX, scaleY] = transform?.scale ?? [1, 1]
  const [left, top] = transform?.translate ?? [0, 0]
  return arcs.map((arc) => {
    let [x, y] = [0, 0]
    return arc.map(([stepX = 0, stepY = 0]) => {
      if (transform === undefined) [x, y] = [stepX, stepY]
      else [x, y] = [x + stepX, y + stepY]
      return flat(x * scaleX + left, y * scaleY + top)
    })
  })
}

let known: Promise<Outlines> | undefined

/** The outlines; made when a map is first drawn. */
export function outlines(): Promise<Outlines> {
  known ??= country().then(
    (document) => new Outlines(document),
    (error: unknown) => {
      known = undefined
      throw error
    },
  )
  return known
}
