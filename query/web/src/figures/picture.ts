// A chart as a file that explains itself.
//
// In: the chart that is shown, its title and what must go with it. Out: an SVG with all of it, or a PNG of that. A chart
// that is passed on without its definition, revision and credit is worth little, so that they are part of the picture.

import { element, FONT, INK, NAMESPACE, QUIET, widthOf } from '../charts/svg'

export interface Caption {
  title: string
  notes: string[]
}

const EDGE = 16

/** A text in lines of a width; Japanese may break anywhere, English between words. */
export function wrapped(text: string, width: number, size = 13): string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of text.split(/(?<=[\s、。)」])|(?<=[\u3000-\u9fff])(?=[\u3000-\u9fff])/)) {
    if (line !== '' && (widthOf(line + piece) * size) / 13 > width) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += piece
  }
  if (line.trim() !== '') lines.push(line.trimEnd())
  return lines
}

/** The chart with its title above and its notes below. */
export function pictureOf(chart: SVGSVGElement, caption: Caption): SVGSVGElement {
  const width = chart.width.baseVal.value + 2 * EDGE
  const picture = document.createElementNS(NAMESPACE, 'svg')
  picture.setAttribute('xmlns', NAMESPACE)
  picture.setAttribute('style', `font: ${FONT}`)
  const ground = element('rect', { width, fill: '#ffffff' })
  picture.append(element('title', {}, caption.title), ground)
  let top = EDGE
  for (const line of wrapped(caption.title, width - 2 * EDGE, 16)) {
    top += 24
    picture.append(element('text', { x: EDGE, y: top, fill: INK, 'font-size': 16, 'font-weight': 700 }, line))
  }
  const inner = chart.cloneNode(true) as SVGSVGElement
  inner.removeAttribute('aria-hidden')
  inner.setAttribute('x', String(EDGE))
  inner.setAttribute('y', String(top + 16))
  picture.append(inner)
  top += 16 + chart.height.baseVal.value + 12
  for (const line of caption.notes.flatMap((note) => wrapped(note, width - 2 * EDGE, 11))) {
    top += 17
    picture.append(element('text', { x: EDGE, y: top, fill: QUIET, 'font-size': 11 }, line))
  }
  const height = top + EDGE
  ground.setAttribute('height', String(height))
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` }))
    picture.setAttribute(name, String(value))
  return picture
}

/** The text of an SVG file. */
export function svgText(picture: SVGSVGElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(picture)}`
}

/** A PNG at twice the size, sharp on paper. */
export async function pngOf(picture: SVGSVGElement): Promise<Blob> {
  const [width, height] = [Number(picture.getAttribute('width')), Number(picture.getAttribute('height'))]
  const image = new Image(width, height)
  const address = URL.createObjectURL(new Blob([svgText(picture)], { type: 'image/svg+xml' }))
  try {
    image.src = address
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = width * 2
    canvas.height = height * 2
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('no canvas')
    context.scale(2, 2)
    context.drawImage(image, 0, 0)
    return await new Promise((done, refused) =>
      canvas.toBlob((blob) => (blob === null ? refused(new Error('no picture')) : done(blob)), 'image/png'),
    )
  } finally {
    URL.revokeObjectURL(address)
  }
}

/** Hands a file to the browser. */
export function save(blob: Blob, name: string) {
  const anchor = document.createElement('a')
  anchor.href = URL.createObjectURL(blob)
  anchor.download = name
  anchor.click()
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000)
}
