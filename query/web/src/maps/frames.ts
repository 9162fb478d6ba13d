// Which towns stand where on the sheet.
//
// In: the country or a prefecture. Out: panels: the land, and islands far from it in frames of their own, since with them
// in their place the rest would be too small to read. The frames of the country stand in the sea where a map on paper has
// them; those of a prefecture in a row below it.

import type { Outlines } from './outlines'
import { boxOf, largest, type Box, type Polygons, type Put } from './shapes'

/** A part of the sheet. */
export interface Panel {
  /** `undefined` of the land itself. */
  name?: { ja: string; en: string }
  codes: string[]
  put: Put
  /** The frame on the sheet; the land has none. */
  frame?: { x: number; y: number; width: number; height: number }
  /** What of a town is drawn in this panel. */
  clip: (polygons: Polygons) => Polygons
}

export interface Sheet {
  width: number
  height: number
  panels: Panel[]
}

interface Islands {
  name: { ja: string; en: string }
  holds: (code: string) => boolean
  /** Far rocks of the village of 小笠原, up to 1,800 km away, are left out, as in every map that has it in a frame. */
  clip?: (polygons: Polygons) => Polygons
}

const WIDTH = 600
const whole = (polygons: Polygons) => polygons
const oneOf = (codes: string) => (code: string) => codes.includes(code)

const OKINAWA: Islands = { name: { ja: '沖縄', en: 'Okinawa' }, holds: (code) => code.startsWith('47') }
const AMAMI: Islands = {
  name: { ja: 'トカラ・奄美', en: 'Tokara, Amami' },
  holds: oneOf('46222 46304 46523 46524 46525 46527 46529 46530 46531 46532 46533 46534 46535'),
}
const OGASAWARA: Islands = {
  name: { ja: '小笠原', en: 'Ogasawara' },
  holds: (code) => code === '13421',
  clip: (polygons) => polygons.filter(([outer]) => (outer ?? []).every(isNearChichijima)),
}
const IZU: Islands = {
  name: { ja: '伊豆諸島', en: 'Izu Islands' },
  holds: oneOf('13361 13362 13363 13364 13381 13382 13401 13402'),
}
const SAKISHIMA: Islands = {
  name: { ja: '宮古・八重山', en: 'Miyako, Yaeyama' },
  holds: oneOf('47207 47214 47375 47381 47382'),
  // Without the far islands of 石垣市, which nobody lives on.
  clip: (polygons) => polygons.filter(([outer]) => (outer ?? []).every(([, y]) => y > 1320)),
}
const DAITO: Islands = {
  name: { ja: '大東', en: 'Daito' },
  holds: oneOf('47357 47358'),
  // Without 沖大東島, 150 km away, which nobody lives on.
  clip: (polygons) => largest(polygons, 0.2),
}

/** Kilometres on the flat map: 父島, 母島 and what lies beside them. */
function isNearChichijima([x, y]: [number, number]): boolean {
  return x > 480 && x < 560 && y > 1100 && y < 1290
}

const OF_PREFECTURE = new Map<string, Islands[]>([
  ['13', [IZU, OGASAWARA]],
  ['46', [AMAMI]],
  ['47', [SAKISHIMA, DAITO]],
])

/** The sheet of the country (`00`) or of a prefecture. */
export function sheetOf(outlines: Outlines, area: string): Sheet {
  if (area === '00') return countrySheet(outlines)
  const codes = outlines.codes.filter((code) => code.startsWith(area))
  const islands = OF_PREFECTURE.get(area) ?? []
  const { land, apart } = split(codes, islands)
  const box = boxAround(outlines, land)
  const scale = Math.min(WIDTH / (box[2] - box[0]), 560 / (box[3] - box[1]))
  const height = (box[3] - box[1]) * scale
  const panels: Panel[] = [
    {
      codes: land,
      put: inside(box, { x: 0, y: 0, width: WIDTH, height }, scale),
      clip: whole,
    },
  ]
  const below = 150
  const width = WIDTH / Math.max(apart.length, 2) - 8
  apart.forEach(({ codes, islands }, place) => {
    const frame = { x: place * (width + 8), y: height + 12, width, height: below }
    panels.push(framed(outlines, codes, islands, frame))
  })
  return { width: WIDTH, height: Math.ceil(height + (apart.length > 0 ? below + 14 : 0)), panels }
}

function countrySheet(outlines: Outlines): Sheet {
  const { land, apart } = split(outlines.codes, [OKINAWA, AMAMI, OGASAWARA])
  const box = boxAround(outlines, land)
  const scale = WIDTH / (box[2] - box[0])
  const height = (box[3] - box[1]) * scale
  const places = [
    { x: 1, y: 1, width: 300, height: 130 },
    { x: 1, y: 137, width: 140, height: 130 },
    { x: WIDTH - 91, y: height - 131, width: 90, height: 130 },
  ]
  const panels: Panel[] = [
    { codes: land, put: inside(box, { x: 0, y: 0, width: WIDTH, height }, scale), clip: whole },
  ]
  apart.forEach(({ codes, islands }, place) => {
    const frame = places[place]
    if (frame !== undefined) panels.push(framed(outlines, codes, islands, frame))
  })
  return { width: WIDTH, height: Math.ceil(height), panels }
}

/** The box around towns, without rocks that lie far from them. */
function boxAround(outlines: Outlines, codes: string[], clip: (polygons: Polygons) => Polygons = whole): Box {
  return boxOf(codes.map((code) => largest(clip(outlines.town(code))))) ?? [0, 0, 1, 1]
}

function split(codes: string[], all: Islands[]) {
  const apart = all.map((islands) => ({ islands, codes: codes.filter(islands.holds) }))
  const land = codes.filter((code) => !all.some((islands) => islands.holds(code)))
  return { land, apart: apart.filter(({ codes }) => codes.length > 0) }
}

function framed(
  outlines: Outlines,
  codes: string[],
  islands: Islands,
  frame: Panel['frame'] & object,
): Panel {
  const clip = islands.clip ?? whole
  const box = boxAround(outlines, codes, clip)
  // Room for the name above.
  const room = { x: frame.x + 6, y: frame.y + 26, width: frame.width - 12, height: frame.height - 32 }
  const scale = Math.min(room.width / (box[2] - box[0]), room.height / (box[3] - box[1]))
  return { name: islands.name, codes, frame, clip, put: inside(box, room, scale) }
}

/** Puts the middle of a box into the middle of a part of the sheet. */
function inside(box: Box, part: { x: number; y: number; width: number; height: number }, scale: number): Put {
  return {
    scale,
    x: part.x + part.width / 2 - ((box[0] + box[2]) / 2) * scale,
    y: part.y + part.height / 2 - ((box[1] + box[3]) / 2) * scale,
  }
}
