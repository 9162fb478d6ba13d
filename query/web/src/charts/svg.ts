// Small pieces of SVG that all charts share: elements, the hatch of what has no value, widths of text.
//
// In: names and numbers. Out: elements. Widths are estimated from the letters, since they must be known before anything
// is drawn: a Japanese letter is as wide as it is high, a Latin one a good half.

export const NAMESPACE = 'http://www.w3.org/2000/svg'
export const INK = '#1a1a1a'
export const QUIET = '#595959'
export const ACCENT = '#0055ad'
export const OWN = '#00316a'
export const PEER = '#39abff'
export const OTHER = '#767676'
export const TARGET = '#e25100'
/** At most four lines beside each other, each with its label at its end. */
export const SERIES = ['#0055ad', '#e25100', '#1a1a1a', '#57b8ff']
/** Letters on the light fourth colour would be too pale. */
export const SERIES_INK = ['#0055ad', '#b84300', '#1a1a1a', '#0066be']
export const FONT =
  '13px "Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic UI", Meiryo, system-ui, sans-serif'

/** An element with attributes and text. */
export function element(
  name: string,
  attributes: Record<string, string | number>,
  text?: string,
): SVGElement {
  const made = document.createElementNS(NAMESPACE, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  if (text !== undefined) made.textContent = text
  return made
}

/** How wide a text is at 13 px. */
export function widthOf(text: string): number {
  let width = 0
  for (const letter of text)
    width += letter.charCodeAt(0) > 0x2e7f ? 13 : /[A-Z0-9%]/.test(letter) ? 8.6 : 7.4
  return width
}

/** A text that fits into a width, with … where it is cut; the table beside the chart has the whole. */
export function fitted(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let cut = text
  while (cut.length > 1 && widthOf(`${cut}…`) > width) cut = cut.slice(0, -1)
  return `${cut}…`
}

/** The pattern of what has no value: grey lines on white. A shape that uses it needs an outline, or it reads as rain. */
export function hatchPattern(id: string): SVGElement {
  const pattern = element('pattern', {
    id,
    width: 6,
    height: 6,
    patternUnits: 'userSpaceOnUse',
    patternTransform: 'rotate(45)',
  })
  pattern.append(element('rect', { width: 6, height: 6, fill: '#ffffff' }))
  pattern.append(element('line', { x1: 0, y1: 0, x2: 0, y2: 6, stroke: '#767676', 'stroke-width': 2 }))
  return pattern
}

/** A hatched box with its outline. */
export function hatched(id: string, x: number, y: number, width: number, height: number): SVGElement {
  return element('rect', { x, y, width, height, fill: `url(#${id})`, stroke: '#767676', class: 'withheld' })
}
