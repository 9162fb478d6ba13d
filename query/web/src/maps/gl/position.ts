// Where the map looks, as the address says it: `8.1/33.68/135.35`, zoom, latitude, longitude.

export interface Position {
  zoom: number
  latitude: number
  longitude: number
}

/** The position of an anchor, or nothing where it is none. */
export function readPosition(anchor: string): Position | undefined {
  const parts = anchor.split('/')
  if (parts.length !== 3 || !parts.every((part) => /^-?\d{1,3}(\.\d{1,7})?$/.test(part))) return undefined
  const [zoom = NaN, latitude = NaN, longitude = NaN] = parts.map(Number)
  const isThere = zoom >= 0 && zoom <= 22 && Math.abs(latitude) <= 85 && Math.abs(longitude) <= 180
  return isThere ? { zoom, latitude, longitude } : undefined
}

/** The anchor of a position. More decimals than a pixel has would only make addresses long. */
export function writePosition({ zoom, latitude, longitude }: Position): string {
  const decimals = Math.max(0, Math.ceil((zoom * Math.LN2 + Math.log(512 / 360 / 0.5)) / Math.LN10))
  return `${Number(zoom.toFixed(2))}/${latitude.toFixed(decimals)}/${longitude.toFixed(decimals)}`
}
