// A line for each town of the country on one scale, the own one and those like it by name.
//
// In: marks of all towns. Out: an SVG. Values that lie far apart stand on a logarithmic scale, which the axis shows by
// its numbers.

import { axisX, dot, plot, ruleY, tickX, type Markish } from '@observablehq/plot'

import type { Mark } from '../figures/spec'
import { axisText, figureText, intervalText } from '../figures/units'
import type { Drawing } from './drawing'
import { element, fitted, INK, OTHER, OWN, PEER, widthOf } from './svg'

const STRIP = 36

export function drawStrip(marks: Mark[], drawing: Drawing): Element {
  const { width, height, language } = drawing
  const shown = marks.filter((mark) => mark.value !== null && mark.value > 0)
  const values = shown.map((mark) => mark.value ?? 0)
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const named = shown
    .filter((mark) => mark.role !== 'other')
    .toSorted((one, other) => Number(other.role === 'own') - Number(one.role === 'own'))
  const rows = ['towns', ...named.map((_mark, index) => String(index))]
  const at = new Map(named.map((mark, index) => [mark, String(index)]))
  const unit = marks[0]?.unit ?? 'people'
  const colour = (mark: Mark) => (mark.role === 'own' ? OWN : PEER)
  return plot({
    width,
    height,
    marginLeft: 12,
    marginRight: 24,
    marginTop: STRIP + 6,
    marginBottom: 32,
    style: { font: 'inherit', background: 'none', overflow: 'visible' },
    x: { type: most > least * 30 ? 'log' : 'linear', nice: true },
    y: { type: 'band', domain: rows.slice(1), axis: null },
    marks: [
      axisX({
        label: null,
        ticks: width < 480 ? 4 : 7,
        tickFormat: (value: number) => axisText(value, unit, language),
      }),
      tickX(
        shown.filter((mark) => mark.role === 'other'),
        {
          x: 'value',
          stroke: OTHER,
          strokeOpacity: 0.35,
          y: null,
          insetTop: -STRIP,
          insetBottom: height - STRIP - 38,
        },
      ),
      tickX(named, {
        x: 'value',
        stroke: colour,
        strokeWidth: 3,
        y: null,
        insetTop: -STRIP - 4,
        insetBottom: height - STRIP - 40,
      }),
      ruleY(
        named.filter((mark) => mark.low !== null),
        { x1: 'low', x2: 'high', y: (mark: Mark) => at.get(mark), stroke: colour, strokeWidth: 2 },
      ),
      dot(named, { x: 'value', y: (mark: Mark) => at.get(mark), fill: colour, r: 5 }),
      namesOf(named, at, drawing),
    ],
  })
}

function namesOf(named: Mark[], at: Map<Mark, string>, { width, language }: Drawing): Markish {
  return (_index, scales) => {
    const group = element('g', {})
    const [x, y] = [scales['x'], scales['y']]
    if (x === undefined || y === undefined) return group
    const high = (y as unknown as { bandwidth(): number }).bandwidth()
    for (const mark of named) {
      const ends = { value: mark.value ?? 0, low: mark.low, high: mark.high }
      const interval = intervalText(ends, mark.unit, language)
      const short = `${mark.label} ${figureText(ends, mark.unit, language)}`
      const long = interval === '' ? short : `${short} (${interval})`
      const [from, to] = [Number(x(mark.low ?? ends.value)), Number(x(mark.high ?? ends.value))]
      const isLeft = from > width / 2
      const room = isLeft ? from - 20 : width - to - 20
      const place = {
        y: Number(y(at.get(mark))) + high / 2,
        dy: '0.35em',
        fill: INK,
        'font-weight': mark.role === 'own' ? 700 : 400,
      }
      const anchor = isLeft ? { x: from - 12, 'text-anchor': 'end' } : { x: to + 12, 'text-anchor': 'start' }
      group.append(
        element('text', { ...place, ...anchor }, widthOf(long) <= room ? long : fitted(short, room)),
      )
    }
    return group
  }
}
