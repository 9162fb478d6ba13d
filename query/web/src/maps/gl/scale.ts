// Five colours, with round borders between them.
//
// In: the greatest figure that the view may show. Out: four borders of the series 1, 3, 10, 30 …, and the colour of a
// figure. Borders depend on the greatest of all months and not on the month that is shown, so that a colour means the
// same in each of them.

/** The sequential colours of the look, lightest first; neighbours differ in any colour sight. */
export const COLOURS = ['#dcf0ff', '#97d3ff', '#39abff', '#0066be', '#00316a'] as const

export interface Scale {
  /** Lower borders of the second to the fifth colour. */
  borders: [number, number, number, number]
  unit: 'per_km2' | 'per_100'
}

/** 1, 3, 10, 30, 100 … */
function step(place: number): number {
  const power = 10 ** Math.floor(place / 2)
  return Number(((place % 2 === 0 ? 1 : 3) * power).toPrecision(1))
}

/** Borders whose last is the greatest round number below the greatest figure. */
export function scaleFor(greatest: number, unit: Scale['unit']): Scale {
  const logarithm = Math.log10(greatest > 0 ? greatest : 1000)
  let last = Math.floor(logarithm * 2)
  while (step(last) >= greatest && greatest > 0) last -= 1
  last = Math.max(last, unit === 'per_km2' ? 3 : 1)
  return { borders: [step(last - 3), step(last - 2), step(last - 1), step(last)], unit }
}

/** The colour of a figure, 1 to 5. */
export function colourOf(value: number, scale: Scale): number {
  return 1 + scale.borders.filter((border) => value >= border).length
}
