// Bars from zero, each with its interval as a rule and its figure beside it.
//
// In: marks of one facet. Out: an SVG. A mark without a value is a hatched box of fixed width with the word of its state,
// so that it looks neither like a small number nor like 0.

import { barX, plot, ruleX, ruleY, tickX, type Markish } from '@observablehq/plot'

import type { Mark } from '../figures/spec'
import { figureText, intervalText, type Ends } from '../figures/units'
import type { Drawing } from './drawing'
import { NARROW } from './size'
import { ACCENT, element, fitted, hatched, INK, OWN, PEER, QUIET, TARGET, widthOf } from './svg'

const HATCH_WIDTH = 64

interface Bar extends Mark {
  at: string
}

export function drawBars(marks: Mark[], top: number, drawing: Drawing): Element {
  const { width, height } = drawing
  const bars: Bar[] = marks.map((mark, index) => ({ ...mark, at: String(index) }))
  const longest = Math.max(0, ...bars.flatMap((bar) => namesOf(bar, width >= NARROW).map(widthOf)))
  const left = Math.min(longest + 12, Math.floor(width * 0.42))
  const texts = bars.map((bar) => textsOf(bar, drawing, width >= NARROW))
  const longestText = Math.max(30, ...texts.flat().map(widthOf))
  const right = Math.min(longestText + 12, Math.floor(width * (width >= NARROW ? 0.6 : 0.5)))
  const shown = bars.filter((bar) => bar.value !== null)
  const isRanked = bars.some((bar) => bar.role === 'peer')
  return plot({
    width,
    height,
    marginLeft: left,
    marginRight: right,
    marginTop: 2,
    marginBottom: 4,
    style: { font: 'inherit', background: 'none', overflow: 'visible' },
    x: { domain: [0, top], axis: null },
    y: { domain: bars.map((bar) => bar.at), label: null, padding: 0.3, axis: null },
    marks: [
      ruleX([0], { stroke: QUIET }),
      barX(shown, { x: 'value', y: 'at', fill: (bar: Bar) => colour(bar, isRanked) }),
      // White below the rule, or it would be lost on its own bar.
      ruleY(shown.filter(hasEnds), { y: 'at', x1: 'low', x2: 'high', stroke: '#ffffff', strokeWidth: 5 }),
      ruleY(shown.filter(hasEnds), {
        y: 'at',
        x1: 'low',
        x2: 'high',
        stroke: INK,
        strokeWidth: 1.5,
        marker: 'tick',
      }),
      tickX(
        bars.filter((bar) => bar.target !== null && bar.value !== null),
        { x: 'target', y: 'at', stroke: TARGET, strokeWidth: 3, insetTop: -4, insetBottom: -4 },
      ),
      labels(bars, texts, left, drawing),
    ],
  })
}

function hasEnds(bar: Bar): boolean {
  return bar.low !== null && bar.high !== null
}

function colour(bar: Bar, isRanked: boolean): string {
  if (!isRanked) return ACCENT
  return bar.role === 'own' ? OWN : PEER
}

const WORDS = { ja: { target: '目標' }, en: { target: 'target ' } }

/** The name before a bar; where there is little room its year stands below it. */
function namesOf(bar: Mark, isWide: boolean): string[] {
  const parts = [bar.beside, bar.label].filter((part) => part !== '')
  return isWide ? [parts.join(' ')] : parts.toReversed()
}

/** What stands beside a bar, in one line or two: figure, interval, target and what the server says of it. */
function textsOf(bar: Mark, { language, stateWord }: Drawing, isWide: boolean): string[] {
  const ends: Ends = { value: bar.value ?? 0, low: bar.low, high: bar.high, least: bar.least }
  const figure = bar.value === null ? stateWord(bar.status) : figureText(ends, bar.unit, language)
  const interval = bar.value === null ? '' : intervalText(ends, bar.unit, language)
  const target =
    bar.target === null
      ? ''
      : WORDS[language].target + figureText({ value: bar.target, low: null, high: null }, bar.unit, language)
  // The verdict on what is hidden is the state's own word.
  const verdict = bar.verdict.toLowerCase() === figure.toLowerCase() ? '' : bar.verdict
  const between = interval === '' || !isWide ? interval : `(${interval})`
  const parts = (list: string[], by = ' ') => list.filter((part) => part !== '').join(by)
  if (target === '')
    return isWide ? [parts([figure, between])] : [figure, interval].filter((one) => one !== '')
  if (isWide) return [parts([parts([figure, between]), parts([target, verdict])], ' · ')]
  return [bar.value === null && verdict !== '' ? verdict : parts([figure, verdict]), target]
}

const SMALL = { 'font-size': 12, fill: QUIET }

/** How far a line of text stands from the middle of its row. */
function lineOf(at: number, count: number): number {
  return (at - (count - 1) / 2) * 16
}

/** Names to the left, figures to the right of the interval, hatches of what has no value. */
function labels(bars: Bar[], texts: string[][], left: number, drawing: Drawing): Markish {
  return (_index, scales) => {
    const [x, y] = [scales['x'], scales['y']]
    const group = element('g', {})
    if (x === undefined || y === undefined) return group
    const high = (y as unknown as { bandwidth(): number }).bandwidth()
    bars.forEach((bar, index) => {
      const middle = Number(y(bar.at)) + high / 2
      const own = bar.role === 'own' && bars.some((one) => one.role === 'peer') ? 700 : 400
      const names = namesOf(bar, drawing.width >= NARROW)
      names.forEach((name, at) => {
        const y = middle + lineOf(at, names.length)
        const look = at > 0 ? SMALL : { fill: INK, 'font-weight': own }
        const place = { x: left - 8, y, dy: '0.35em', 'text-anchor': 'end', ...look }
        group.append(element('text', place, fitted(name, left - 10)))
      })
      if (bar.value === null)
        group.append(hatched(drawing.hatch, Number(x(0)), Number(y(bar.at)), HATCH_WIDTH, high))
      const end =
        bar.value === null
          ? Number(x(0)) + HATCH_WIDTH
          : Number(x(Math.max(bar.value, bar.high ?? 0, bar.target ?? 0)))
      const lines = texts[index] ?? []
      lines.forEach((line, at) => {
        const y = middle + lineOf(at, lines.length)
        const small = at > 0 ? SMALL : { fill: INK }
        group.append(element('text', { x: end + 8, y, dy: '0.35em', 'text-anchor': 'start', ...small }, line))
      })
    })
    return group
  }
}
