// Lines along months, each with its interval as a band.
//
// In: marks of one facet. Out: an SVG. A month without a value breaks the line and is hatched: over the whole height
// where no line has a value, else as a strip at the foot. The scale of values is not forced to zero.

import { areaY, axisX, axisY, dot, gridY, lineY, plot, ruleX, type Markish } from '@observablehq/plot'

import type { Mark } from '../figures/spec'
import { axisText } from '../figures/units'
import type { Drawing } from './drawing'
import { element, fitted, hatched, INK, QUIET, SERIES, SERIES_INK, widthOf } from './svg'
import { runsOf } from './size'
import { tickText, ticksOf, yearsOf } from './ticks'

export function drawLines(marks: Mark[], domain: [number, number] | undefined, drawing: Drawing): Element {
  const { width, height, language } = drawing
  const { along } = drawing
  const isBlank = marks.every((mark) => mark.value === null)
  const names = [...new Set(marks.map((mark) => mark.series))]
  const colour = (mark: Mark) => SERIES[names.indexOf(mark.series) % SERIES.length] ?? SERIES_INK[0]
  const unit = marks[0]?.unit ?? 'people'
  const right =
    names.length > 1 && !isBlank ? Math.min(Math.max(...names.map(widthOf)) + 16, width * 0.32) : 16
  const figure = (value: number) => axisText(value, unit, language)
  const left = Math.max(
    46,
    ...(isBlank ? [] : (domain ?? [])).map((end) => widthOf(figure(Math.round(end * 10) / 10)) + 16),
  )
  const length = width - left - right
  const ticks = ticksOf(along, width < 420 ? 4 : 6, length)
  const years = yearsOf(ticks, along, length / Math.max(1, along.length))
  return plot({
    width,
    height,
    marginLeft: left,
    marginRight: right,
    marginTop: 12,
    marginBottom: 40,
    style: { font: 'inherit', background: 'none', overflow: 'visible' },
    x: { type: 'point', domain: along, padding: 0.5 },
    y: { nice: true, ...(domain === undefined ? {} : { domain }) },
    marks: [
      isBlank ? null : gridY({ stroke: '#d9d9d9', strokeOpacity: 1, ticks: 4 }),
      isBlank
        ? axisY({ ticks: [], label: null })
        : axisY({ label: null, ticks: 4, tickSize: 0, tickFormat: figure }),
      axisX({
        label: null,
        ticks,
        tickFormat: (key: string) => tickText(years, key, language),
      }),
      gaps(marks, along, names.length, drawing),
      areaY(marks, {
        x: 'key',
        y1: (mark: Mark) => mark.low ?? NaN,
        y2: (mark: Mark) => mark.high ?? NaN,
        z: 'series',
        fill: colour,
        fillOpacity: 0.18,
      }),
      ruleX(alone(marks, along), {
        x: 'key',
        y1: 'low',
        y2: 'high',
        stroke: colour,
        strokeWidth: 5,
        strokeOpacity: 0.3,
      }),
      lineY(marks, { x: 'key', y: value, z: 'series', stroke: colour, strokeWidth: 2 }),
      dot(
        marks.filter((mark) => mark.value !== null),
        { x: 'key', y: 'value', fill: colour, r: along.length > 14 ? 1.5 : 3 },
      ),
      names.length > 1 && !isBlank ? ends(marks, names, width - right) : null,
    ],
  })
}

/** What is not there is no number at all, so that the line breaks; `null` would be drawn as 0. */
function value(mark: Mark): number {
  return mark.value ?? NaN
}

/** Months with a value whose neighbours have none: a band needs two, so that their intervals are rules. */
function alone(marks: Mark[], along: string[]): Mark[] {
  const has = new Set(marks.filter((mark) => mark.value !== null).map((mark) => `${mark.series}/${mark.key}`))
  const beside = (mark: Mark, step: number) =>
    has.has(`${mark.series}/${along[along.indexOf(mark.key) + step] ?? ''}`)
  return marks.filter(
    (mark) => mark.low !== null && mark.high !== null && !beside(mark, -1) && !beside(mark, 1),
  )
}

/** One hatch for each run of months; where nothing at all has a value, with the words of the states. */
function gaps(marks: Mark[], along: string[], series: number, drawing: Drawing): Markish {
  return (_index, scales, _values, dimensions) => {
    const group = element('g', {})
    const x = scales['x']
    if (x === undefined) return group
    const step = along.length < 2 ? 20 : Number(x(along[1])) - Number(x(along[0]))
    const { marginTop, height, marginBottom } = dimensions
    const whole = height - marginTop - marginBottom
    const missing = along.map((key) => marks.filter((mark) => mark.key === key && mark.value === null))
    const highs = missing.map(({ length }) => (length === 0 ? 0 : length >= series ? whole : 10))
    for (const { from, to, high } of runsOf(highs)) {
      const left = Number(x(along[from])) - step / 2
      group.append(hatched(drawing.hatch, left, marginTop + whole - high, (to - from) * step, high))
    }
    if (marks.some((mark) => mark.value !== null)) return group
    const words = new Set(marks.map((mark) => drawing.stateWord(mark.status)).filter((word) => word !== ''))
    if (words.size === 0) return group
    const states = [...words].join(' / ')
    const [middle, width] = [(Number(x(along[0])) + Number(x(along.at(-1)))) / 2, widthOf(states) + 16]
    const box = { x: middle - width / 2, y: marginTop + whole / 2 - 12, width, height: 24, fill: '#ffffff' }
    const text = { x: middle, y: marginTop + whole / 2, dy: '0.35em', 'text-anchor': 'middle', fill: INK }
    group.append(element('rect', box), element('text', text, states))
    return group
  }
}

/** The name of each line at its end, pushed apart where two ends are close. */
function ends(marks: Mark[], names: string[], at: number): Markish {
  return (_index, scales, _values, { width }) => {
    const group = element('g', {})
    const y = scales['y']
    if (y === undefined) return group
    const places = names.flatMap((name, index) => {
      const last = marks.filter((mark) => mark.series === name && mark.value !== null).at(-1)
      return last === undefined ? [] : [{ name, index, y: Number(y(last.value)) }]
    })
    places.sort((one, other) => one.y - other.y)
    let above = -Infinity
    for (const place of places) {
      const top = Math.max(place.y, above + 16)
      above = top
      const fill = SERIES_INK[place.index % SERIES_INK.length] ?? QUIET
      group.append(
        element(
          'text',
          { x: at + 4, y: top, dy: '0.35em', 'text-anchor': 'start', fill },
          fitted(place.name, width - at - 4),
        ),
      )
    }
    return group
  }
}
