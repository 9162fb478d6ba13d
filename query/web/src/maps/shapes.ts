// Polygons on a flat map: their box, and their path in an SVG.
//
// In: polygons in kilometres and where they are put. Out: boxes and texts for `d`. Points that fall on the same tenth of
// a pixel are written once, which leaves a third of the country's.

import type { Point } from './conic'

export type Ring = Point[]
/** Several areas, each an outer ring and its holes. */
export type Polygons = Ring[][]
export type Lines = Point[][]

/** Left, top, right, bottom. */
export type Box = [left: number, top: number, right: number, bottom: number]

/** Where a flat map is put on the sheet: pixels of a kilometre, and the place of its middle. */
export interface Put {
  scale: number
  x: number
  y: number
}

/** The box around polygons; one without points is `undefined`. */
export function boxOf(all: Iterable<Polygons>): Box | undefined {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity]
  for (const polygons of all)
    for (const [outer] of polygons)
      for (const [x, y] of outer ?? []) {
        box[0] = Math.min(box[0], x)
        box[1] = Math.min(box[1], y)
        box[2] = Math.max(box[2], x)
        box[3] = Math.max(box[3], y)
      }
  return box[0] <= box[2] ? box : undefined
}

export function meets(one: Box, other: Box): boolean {
  return one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3]
}

/** Twice the area of a ring, without its sign. */
export function areaOf(ring: Ring): number {
  let sum = 0
  let before = ring.at(-1)
  for (const point of ring) {
    if (before !== undefined) sum += before[0] * point[1] - point[0] * before[1]
    before = point
  }
  return Math.abs(sum)
}

/** The areas that are not small beside the largest: a town without its far islands. */
export function largest(polygons: Polygons, part = 0.05): Polygons {
  const areas = polygons.map(([outer]) => areaOf(outer ?? []))
  const least = Math.max(...areas) * part
  return polygons.filter((_, place) => (areas[place] ?? 0) >= least)
}

/** The `d` of a path of filled polygons. */
export function filled(polygons: Polygons, put: Put): string {
  return polygons.flatMap((rings) => rings.map((ring) => `${line(ring, put)}Z`)).join('')
}

/** The `d` of a path of lines. */
export function drawn(lines: Lines, put: Put): string {
  return lines.map((points) => line(points, put)).join('')
}

function line(points: Point[], { scale, x, y }: Put): string {
  let text = ''
  let before = ''
  for (const point of points) {
    const here = `${tenth(point[0] * scale + x)},${tenth(point[1] * scale + y)}`
    if (here === before) continue
    text += text === '' ? `M${here}` : `L${here}`
    before = here
  }
  // A town of less than a tenth of a pixel stays a dot, which its outline makes visible.
  return text.includes('L') ? text : `${text}h.1`
}

function tenth(number: number): number {
  return Math.round(number * 10) / 10
}
