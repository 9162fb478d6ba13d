// The cells of a town, from its release table.
//
// In: the answer to `cells-of-town`. Out: regions and a frame for each type of day and band of hours. Shapes come from
// the codes themselves, H3 by h3-js, which only hexagons load, and meshes by arithmetic, so that the server sends figures
// alone. The colour is by the people on a square kilometre of the whole cell; the figure that is read is the released one.

import type { Language } from '../../place/address'
import type { Answer, Municipality, Row } from '../../server/types'
import { whereabouts } from './compass'
import { boxKm2, meshBox } from './mesh'
import { boxOf, numberOf, peopleOf, type Figure, type Frame, type Region } from './regions'
import { scaleFor, type Scale } from './scale'

/** The grids of the release, finest first; the ladder of hexagons, and the squares of official statistics. */
export const GRIDS = ['h3_8', 'h3_7', 'h3_6', 'mesh_1km'] as const
export type Grid = (typeof GRIDS)[number]

/** The steps of the slider. */
export const STEPS = [
  'weekday-day',
  'weekday-night',
  'weekday-all',
  'holiday-day',
  'holiday-night',
  'holiday-all',
]

/** The step that the server's sentence speaks of: the one row that `cells-of-town` makes it from. */
export const SENTENCE_STEP = 'weekday-day'

type H3 = typeof import('h3-js')

export interface Cells {
  regions: Region[]
  /** By step. */
  frames: ReadonlyMap<string, Frame>
  scale: Scale
}

/** The code that draws hexagons; squares need none. */
export function hexagons(grid: Grid): Promise<H3 | undefined> {
  return grid === 'mesh_1km' ? Promise.resolve(undefined) : import('h3-js')
}

/** The cells of an answer. */
export function cellsOf({ rows }: Answer, town: Municipality, language: Language, h3: H3 | undefined): Cells {
  const regions = new Map<string, Region & { km2: number }>()
  const frames = new Map<string, Map<number, Figure>>()
  for (const row of rows) {
    const cell = String(row['cell'])
    const region = regions.get(cell) ?? made(cell, town, language, h3)
    if (region === undefined) continue
    regions.set(cell, region)
    const step = `${row['day_type']}-${row['time_band']}`
    const frame = frames.get(step) ?? new Map<number, Figure>()
    frames.set(step, frame.set(region.id, figureOf(row, region.km2)))
  }
  const smallest = Math.min(...[...regions.values()].map((region) => region.km2))
  // The greatest of all months of the town, since a colour must mean the same in each.
  const most = numberOf(rows[0]?.['most_persons']) ?? 0
  const densest = Number.isFinite(smallest) ? most / smallest : 0
  return { regions: [...regions.values()], frames, scale: scaleFor(densest, 'per_km2') }
}

function figureOf(row: Row, km2: number): Figure {
  const people = peopleOf(row)
  return { ...people, density: people.value === null ? null : people.value / km2 }
}

/** Numbers are never used twice: the map learns of figures before it has drawn new shapes, and must not colour the old. */
let last = 0

function made(cell: string, town: Municipality, language: Language, h3: H3 | undefined) {
  const outline = outlineOf(cell, h3)
  if (outline === undefined) return undefined
  const { ring, km2 } = outline
  const shape = { type: 'Polygon' as const, coordinates: [ring] }
  const box = boxOf(shape)
  const middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] as const
  const where = whereabouts([town.longitude, town.latitude], middle, language)
  // People know a place by where it is; the code tells apart what lies in the same direction.
  last += 1
  return { id: last, key: cell, name: where, where: cell, shape, box, km2 }
}

function outlineOf(cell: string, h3: H3 | undefined): { ring: [number, number][]; km2: number } | undefined {
  const square = meshBox(cell)
  if (square !== undefined) {
    const [west, south, east, north] = square
    const corners: [number, number][] = [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ]
    return { ring: corners, km2: boxKm2(square) }
  }
  if (h3 === undefined || !h3.isValidCell(cell)) return undefined
  return { ring: h3.cellToBoundary(cell, true), km2: h3.cellArea(cell, 'km2') }
}
