// Where a cell is, in words that need no map: so far from the middle of the town, in that direction.

import type { Language } from '../../place/address'

const WORDS = {
  ja: ['北', '北東', '東', '南東', '南', '南西', '西', '北西'],
  en: ['north', 'north-east', 'east', 'south-east', 'south', 'south-west', 'west', 'north-west'],
} as const

type Point = readonly [longitude: number, latitude: number]

/** 「北東 3.2km」 from one point to another; below half a kilometre it is the middle itself. */
export function whereabouts(from: Point, to: Point, language: Language): string {
  const kmPerDegree = 111.2
  const east = (to[0] - from[0]) * kmPerDegree * Math.cos(((from[1] + to[1]) / 2) * (Math.PI / 180))
  const north = (to[1] - from[1]) * kmPerDegree
  const km = Math.hypot(east, north)
  if (km < 0.5) return language === 'ja' ? '中心' : 'the middle'
  const eighth = Math.round((Math.atan2(east, north) / (2 * Math.PI)) * 8 + 8) % 8
  const direction = WORDS[language][eighth] ?? ''
  const distance = km < 10 ? km.toFixed(1) : km.toFixed(0)
  return language === 'ja'
    ? `中心から${direction}へ${distance}km`
    : `${distance} km ${direction} of the middle`
}
