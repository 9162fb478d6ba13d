// Squares of the standard grid, JIS X 0410.
//
// In: a mesh code of eight digits (about 1 km). Out: its corners, and its area. The code itself holds the place, so
// that no file of squares is needed: two digits of latitude times 1.5, two of longitude less 100, then eighths, then
// tenths of those.

/** West, south, east, north in degrees. */
export type Box = [number, number, number, number]

const EARTH_KM = 6371.0088
const LATITUDE_STEP = 1 / 120
const LONGITUDE_STEP = 1 / 80

/** The box of a code, or nothing for what is no code of eight digits. */
export function meshBox(code: string): Box | undefined {
  const digits = /^(\d{2})(\d{2})([0-7])([0-7])(\d)(\d)$/.exec(code)
  if (digits === null) return undefined
  const [p = 0, u = 0, q = 0, v = 0, r = 0, w = 0] = digits.slice(1).map(Number)
  const south = p / 1.5 + q / 12 + r * LATITUDE_STEP
  const west = 100 + u + v / 8 + w * LONGITUDE_STEP
  return [west, south, west + LONGITUDE_STEP, south + LATITUDE_STEP]
}

/** The area of a box on the sphere. */
export function boxKm2([west, south, east, north]: Box): number {
  const radians = Math.PI / 180
  const height = Math.sin(north * radians) - Math.sin(south * radians)
  return EARTH_KM * EARTH_KM * (east - west) * radians * height
}
