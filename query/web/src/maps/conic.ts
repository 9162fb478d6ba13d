// From degrees to a flat map of Japan.
//
// In: longitude and latitude. Out: kilometres to the right of and below a point in the middle of the country. It is
// Lambert's conformal conic projection of a sphere with two true parallels, as in maps of Japan on paper: north is up to a
// few degrees everywhere, and Hokkaido is not larger than it is, which Mercator makes it by a fifth.

const DEGREE = Math.PI / 180
const EARTH_KM = 6371
const [LOWER, UPPER] = [33 * DEGREE, 43 * DEGREE]
const [MIDDLE_LONGITUDE, MIDDLE_LATITUDE] = [137 * DEGREE, 38 * DEGREE]

const half = (latitude: number) => Math.tan(Math.PI / 4 + latitude / 2)
const CONE = Math.log(Math.cos(LOWER) / Math.cos(UPPER)) / Math.log(half(UPPER) / half(LOWER))
const SCALE = (EARTH_KM * Math.cos(LOWER) * half(LOWER) ** CONE) / CONE
const MIDDLE_RADIUS = SCALE / half(MIDDLE_LATITUDE) ** CONE

export type Point = [x: number, y: number]

/** Kilometres right of and below the middle. */
export function flat(longitude: number, latitude: number): Point {
  const radius = SCALE / half(latitude * DEGREE) ** CONE
  const angle = CONE * (longitude * DEGREE - MIDDLE_LONGITUDE)
  return [radius * Math.sin(angle), radius * Math.cos(angle) - MIDDLE_RADIUS]
}
