// How large a chart will be, known before the code that draws it is there.
//
// In: marks, the kind of chart and the width at hand. Out: panels and heights, so that room is kept and nothing on the
// page moves when the drawing comes. The drawing uses the same numbers.

import { facetsOf, type Mark } from '../figures/spec'

export const ROW = 30
/** Below this width a bar's interval stands under its figure, in rows of this height. */
export const NARROW = 420
const NARROW_ROW = 42
export const HEAD = 26
const BAR_FOOT = 6
const LINE_HEIGHT = 190
/** A band with the word of the state, and the months below it. */
const EMPTY_LINE_HEIGHT = 84
const PAPER_ROW = 23
const PAPER_LINE_HEIGHT = 160

/** How panels of facets lie. */
export interface Layout {
  columns: number
  panelWidth: number
  /** Of each panel, in the order of the facets. */
  heights: number[]
  /** The top of each panel. */
  tops: number[]
  total: number
}

export const GAP = 24

/** Panels stand beside each other only where each has room for names and figures; `dense` is for paper. */
export function layoutOf(
  kind: 'bar' | 'line' | 'strip',
  marks: Mark[],
  width: number,
  dense = false,
): Layout {
  const facets = facetsOf(marks)
  const least = kind === 'bar' ? 420 : 300
  const hasTargets = marks.some((mark) => mark.target !== null)
  const columns = facets.length > 1 && width >= 2 * least + GAP && !hasTargets ? 2 : 1
  const panelWidth = Math.max(240, Math.floor((width - GAP * (columns - 1)) / columns))
  const head = facets.length > 1 ? HEAD : 0
  const heights = facets.map((facet) => head + bodyHeight(kind, marks, facet, panelWidth, dense))
  const tops: number[] = []
  let top = 0
  for (let index = 0; index < heights.length; index += columns) {
    const row = heights.slice(index, index + columns)
    for (let at = 0; at < row.length; at++) tops.push(top)
    top += Math.max(...row) + 12
  }
  return { columns, panelWidth, heights, tops, total: Math.max(0, top - 12) }
}

function bodyHeight(
  kind: 'bar' | 'line' | 'strip',
  marks: Mark[],
  facet: string,
  width: number,
  dense: boolean,
): number {
  if (kind === 'line') {
    if (isEmpty(marks, facet)) return EMPTY_LINE_HEIGHT
    return dense ? PAPER_LINE_HEIGHT : LINE_HEIGHT
  }
  if (kind === 'strip') return stripHeight(marks.filter((mark) => mark.role !== 'other').length)
  const bars = marks.filter((mark) => mark.facet === facet).length
  return bars * (dense ? PAPER_ROW : width < NARROW ? NARROW_ROW : ROW) + BAR_FOOT
}

/** Whether no month of a panel has a value: then there is no scale to draw. */
export function isEmpty(marks: Mark[], facet: string): boolean {
  return marks.every((mark) => mark.facet !== facet || mark.value === null)
}

/** The axis, the strip, and a line of text for each town that is named. */
export function stripHeight(named: number): number {
  return 84 + named * 22
}

/** Neighbours of one height, where there is any. */
export function runsOf(highs: number[]): { from: number; to: number; high: number }[] {
  const runs: { from: number; to: number; high: number }[] = []
  highs.forEach((high, index) => {
    const last = runs.at(-1)
    if (last !== undefined && last.to === index && last.high === high) last.to = index + 1
    else if (high > 0) runs.push({ from: index, to: index + 1, high })
  })
  return runs
}
