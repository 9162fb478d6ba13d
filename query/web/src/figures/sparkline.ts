// The path of a sparkline.
//
// In: the months of a figure, 36 at most. Out: paths of the line and of its band, and where months without a value stand. The scale
// runs from the lowest to the highest end of an interval, so that a change looks as large as it is against its error.

export interface Point {
  value: number | null
  low: number | null
  high: number | null
}

export interface Paths {
  line: string
  band: string
  /** Left edge and width of each run of months without a value. */
  gaps: { x: number; width: number }[]
  /** The last month, where it has a value. */
  last: { x: number; y: number } | undefined
}

export function pathsOf(points: Point[], width: number, height: number): Paths {
  const numbers = points.flatMap(({ value, low, high }) => [value, low, high]).filter((one) => one !== null)
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
  const step = width / Math.max(1, points.length)
  const x = (index: number) => round((index + 0.5) * step)
  const y = (value: number) =>
    round(most === least ? height / 2 : height - 3 - ((value - least) / (most - least)) * (height - 6))
  const paths: Paths = { line: '', band: '', gaps: [], last: undefined }
  for (const { from, to, isShown } of runs(points)) {
    if (!isShown) {
      paths.gaps.push({ x: round(from * step), width: round((to - from) * step) })
      continue
    }
    const some = points
      .slice(from, to)
      .map((point, index) => ({ ...point, x: x(from + index), value: point.value ?? 0 }))
    const [first] = some
    paths.line += some
      .map((point, index) => `${index === 0 ? 'M' : 'L'}${point.x} ${y(point.value)}`)
      .join('')
    if (some.length === 1 && first !== undefined) paths.line += 'h0.1'
    const upper = some.map((point) => `${point.x} ${y(point.high ?? point.value)}`)
    const lower = some.map((point) => `${point.x} ${y(point.low ?? point.value)}`).toReversed()
    paths.band += `M${[...upper, ...lower].join('L')}Z`
  }
  const last = points.at(-1)
  if (last !== undefined && last.value !== null) paths.last = { x: x(points.length - 1), y: y(last.value) }
  return paths
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** Months that follow each other and all have a value, or all have none. */
function runs(points: Point[]): { from: number; to: number; isShown: boolean }[] {
  const all: { from: number; to: number; isShown: boolean }[] = []
  points.forEach((point, index) => {
    const isShown = point.value !== null
    const last = all.at(-1)
    if (last !== undefined && last.isShown === isShown) last.to = index + 1
    else all.push({ from: index, to: index + 1, isShown })
  })
  return all
}
