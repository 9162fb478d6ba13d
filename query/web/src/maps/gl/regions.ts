// What a map colours: regions, and the figure of each in one view of them.
//
// A region is a cell or a town. Its shape is given to the map once; a figure changes with each step of the slider and
// is given as a state. A hidden figure is `null` here as everywhere.

import type { Feature, FeatureCollection, MultiPolygon, Polygon } from 'geojson'

import type { Cell, Row } from '../../server/types'
import type { Box } from './mesh'
import { colourOf, type Scale } from './scale'

export interface Region {
  /** A number, since the map keeps states by number. */
  id: number
  /** The code of the town, or of the cell. */
  key: string
  name: string
  /** Where it is, in words. */
  where: string
  shape: Polygon | MultiPolygon
  box: Box
}

/** A figure as it was released. */
export interface Figure {
  value: number | null
  low: number | null
  high: number | null
  status: string
  fewerThan: number | null
  /** What the colour is by: a released rate, or the figure by the area of its cell. Not a figure to read. */
  density: number | null
  /** A second released figure, per 100 residents. */
  rate?: { value: number; low: number | null; high: number | null }
}

/** A number of a row; what is no number is none, and never 0. */
export function numberOf(cell: Cell | undefined): number | null {
  return typeof cell === 'number' ? cell : null
}

/** The people of a row; what the colour is by is not known here. */
export function peopleOf(row: Row): Omit<Figure, 'density'> {
  return {
    value: numberOf(row['persons']),
    low: numberOf(row['persons_low']),
    high: numberOf(row['persons_high']),
    status: String(row['status']),
    fewerThan: numberOf(row['fewer_than']),
  }
}

/** One view: figures by region. */
export type Frame = ReadonlyMap<number, Figure>

/** How a region is filled. Withheld ones are hatched, ones without an estimate are empty with a dashed line. */
export type Fill = { colour: number } | 'withheld' | 'empty' | 'none'

/** The fill of a figure; a region without a row is left as it is. */
export function fillOf(figure: Figure | undefined, scale: Scale): Fill {
  if (figure === undefined) return 'none'
  if (figure.value !== null) {
    return figure.density === null ? 'none' : { colour: colourOf(figure.density, scale) }
  }
  return figure.status === 'not_observed' || figure.status === 'not_computed' ? 'empty' : 'withheld'
}

/** The regions as a source of the map. */
export function collection(regions: readonly Region[]): FeatureCollection<Polygon | MultiPolygon> {
  const features = regions.map((region): Feature<Polygon | MultiPolygon> => ({
    type: 'Feature',
    id: region.id,
    properties: {},
    geometry: region.shape,
  }))
  return { type: 'FeatureCollection', features }
}

/** The box around boxes. */
export function around(boxes: readonly Box[]): Box | undefined {
  const [first, ...rest] = boxes
  return first === undefined
    ? undefined
    : rest.reduce<Box>(
        ([w, s, e, n], box) => [
          Math.min(w, box[0]),
          Math.min(s, box[1]),
          Math.max(e, box[2]),
          Math.max(n, box[3]),
        ],
        first,
      )
}

/** The box of a shape. */
export function boxOf(shape: Polygon | MultiPolygon): Box {
  const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates
  const box: Box = [180, 90, -180, -90]
  for (const [longitude = 0, latitude = 0] of polygons.flatMap((polygon) => polygon[0] ?? [])) {
    box[0] = Math.min(box[0], longitude)
    box[1] = Math.min(box[1], latitude)
    box[2] = Math.max(box[2], longitude)
    box[3] = Math.max(box[3], latitude)
  }
  return box
}
