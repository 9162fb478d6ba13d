// A whole chart: a panel for each facet, in one SVG that can be printed, copied and kept.
//
// In: marks, the kind of chart and a width. Out: an SVG element. This module carries the drawing library and is loaded
// when the first chart comes near the window.

import type { Language } from '../place/address'
import { facetsOf, inTime, type Mark } from '../figures/spec'
import { drawBars } from './bars'
import type { Drawing } from './drawing'
import { drawLines } from './lines'
import { GAP, HEAD, layoutOf } from './size'
import { drawStrip } from './strip'
import { element, FONT, hatchPattern, INK, NAMESPACE } from './svg'

export interface Wish {
  kind: 'bar' | 'line' | 'strip'
  marks: Mark[]
  width: number
  ownScales: boolean
  /** For paper. */
  dense: boolean
  language: Language
  stateWord: (status: string) => string
}

let count = 0

export function draw(wish: Wish): SVGSVGElement {
  const { kind, marks, width, language, stateWord } = wish
  const layout = layoutOf(kind, marks, width, wish.dense)
  const facets = facetsOf(marks)
  const hatch = `hatch-${++count}`
  const svg = document.createElementNS(NAMESPACE, 'svg') as SVGSVGElement
  const size = { width, height: layout.total, viewBox: `0 0 ${width} ${layout.total}` }
  for (const [name, value] of Object.entries(size)) svg.setAttribute(name, String(value))
  svg.setAttribute('style', `font: ${FONT}; font-variant-numeric: tabular-nums`)
  const shared = element('defs', {})
  shared.append(hatchPattern(hatch))
  svg.append(shared)
  const head = facets.length > 1 ? HEAD : 0
  const along = [...new Set(marks.map((mark) => mark.key))].sort(inTime)
  facets.forEach((facet, index) => {
    const left = (index % layout.columns) * (layout.panelWidth + GAP)
    const top = layout.tops[index] ?? 0
    if (head > 0)
      svg.append(
        element('text', { x: left, y: top + 16, fill: INK, 'font-weight': 700, 'font-size': 14 }, facet),
      )
    const own = marks.filter((mark) => mark.facet === facet)
    const drawing = {
      width: layout.panelWidth,
      height: (layout.heights[index] ?? 0) - head,
      language,
      hatch,
      stateWord,
    }
    const panel = panelOf(kind, own, wish.ownScales ? own : marks, { ...drawing, along })
    panel.setAttribute('x', String(left))
    panel.setAttribute('y', String(top + head))
    svg.append(panel)
  })
  return svg
}

function panelOf(kind: Wish['kind'], own: Mark[], scaled: Mark[], drawing: Drawing): Element {
  const numbers = scaled
    .flatMap((mark) => [mark.value, mark.low, mark.high, mark.target])
    .filter((one) => one !== null)
  if (kind === 'bar') return drawBars(own, Math.max(1, ...numbers), drawing)
  if (kind === 'strip') return drawStrip(own, drawing)
  const domain: [number, number] | undefined =
    numbers.length === 0 ? [0, 1] : [Math.min(...numbers), Math.max(...numbers)]
  return drawLines(own, domain, drawing)
}
