// The window around a town, as paths.
//
// In: outlines and a code. Out: the towns that fall into the window, the borders of prefectures, and places for names: the
// own town's first, then larger towns', each only where it covers no other.

import type { Municipality } from '../server/types'
import { flat } from './conic'
import type { Outlines } from './outlines'
import { boxOf, drawn, filled, largest, meets, type Box, type Put } from './shapes'

const WIDTH = 560
const HEIGHT = 420
/** No window is less wide than this, kilometres: a village on a small island is seen as one. */
const LEAST_KM = 16

export interface Around {
  width: number
  height: number
  towns: { code: string; d: string }[]
  prefectures: string
  labels: { code: string; x: number; y: number }[]
}

/** The map of a town and of what lies around it. */
export function around(outlines: Outlines, code: string, municipalities: Municipality[]): Around {
  const own = boxOf([largest(outlines.town(code))]) ?? [-10, -10, 10, 10]
  const [middleX, middleY] = [(own[0] + own[2]) / 2, (own[1] + own[3]) / 2]
  const wide = Math.max(own[2] - own[0], ((own[3] - own[1]) * WIDTH) / HEIGHT, LEAST_KM) * 1.7
  const scale = WIDTH / wide
  const put: Put = { scale, x: WIDTH / 2 - middleX * scale, y: HEIGHT / 2 - middleY * scale }
  const high = (wide * HEIGHT) / WIDTH
  const window: Box = [middleX - wide / 2, middleY - high / 2, middleX + wide / 2, middleY + high / 2]
  const inside = outlines.codes.filter((other) => {
    const box = boxOf([outlines.town(other)])
    return box !== undefined && meets(box, window)
  })
  // Its own outline is drawn last, over its neighbours'.
  inside.sort((one, other) => Number(one === code) - Number(other === code))
  const between = (one: string, other: string) => one.slice(0, 2) !== other.slice(0, 2)
  return {
    width: WIDTH,
    height: HEIGHT,
    towns: inside.map((other) => ({ code: other, d: filled(outlines.town(other), put) })),
    prefectures: drawn(outlines.borders(inside, between), put),
    labels: labels(code, municipalities, put),
  }
}

function labels(code: string, municipalities: Municipality[], put: Put) {
  const order = [...municipalities].sort(
    (one, other) =>
      Number(other.code === code) - Number(one.code === code) || other.population_2020 - one.population_2020,
  )
  const taken: Box[] = []
  return order.flatMap(({ code, name, romaji, longitude, latitude }) => {
    const point = flat(longitude, latitude)
    const [x, y] = [point[0] * put.scale + put.x, point[1] * put.scale + put.y]
    // Latin letters are half as wide, and both languages are to have the same names.
    const half = Math.max(name.length * 13, romaji.length * 7) / 2 + 4
    const box: Box = [x - half, y - 14, x + half, y + 6]
    const isOut = box[0] < 0 || box[2] > WIDTH || box[1] < 0 || box[3] > HEIGHT
    if (isOut || taken.some((other) => meets(box, other))) return []
    taken.push(box)
    return [{ code, x: Math.round(x), y: Math.round(y) }]
  })
}
