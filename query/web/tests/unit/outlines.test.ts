// Which lines of the country stand beside the outline of one town.

import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { countryOutlines } from '../../src/maps/gl/outlines'

/** Three squares in a row: two towns of one prefecture, and one of the next. */
const square = (left: number) => [
  [left, 0],
  [left + 1, 0],
  [left + 1, 1],
  [left, 1],
  [left, 0],
]
const town = (code: string, arc: number) => ({
  type: 'Polygon',
  arcs: [[arc]],
  properties: { municipality_code: code },
})

beforeAll(() => {
  const document = {
    type: 'Topology',
    arcs: [square(0), square(5), square(10)],
    objects: {
      municipalities: {
        type: 'GeometryCollection',
        geometries: [town('20214', 0), town('20215', 1), town('19209', 2)],
      },
    },
    boundaries: 'N03',
    credit: 'somebody',
  }
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(document)))
})
afterAll(() => vi.unstubAllGlobals())

test('a town whose own outline is there has no coarser one beside it', async () => {
  const outlines = await countryOutlines()
  const starts = (lines: { coordinates: number[][][] }) =>
    lines.coordinates.map((line) => line[0]?.[0]).toSorted((one, other) => Number(one) - Number(other))
  expect(starts(outlines.towns)).toEqual([0, 5, 10])
  const { towns, prefectures } = outlines.without('20214')
  expect(starts(towns)).toEqual([5, 10])
  expect(starts(prefectures)).toEqual([5, 10])
  expect(outlines.shapes.has('20214')).toBe(true)
})
