// What is drawn on a map, as paths.
//
// In: outlines, the country or a prefecture, and how each area looks. Out: paths on a sheet. Of the country, towns of one
// look are put together into one shape: 1,741 outlines at that size are a dark net, cost a second and four megabytes of
// PDF, while seven shapes show the same. What can be picked there is a prefecture; inside one, each town. Paths that do
// not depend on looks are kept, so that another kind of people is shown at once.

import type { Level, Look } from './classes'
import { sheetOf, type Panel, type Sheet } from './frames'
import type { Outlines } from './outlines'
import { drawn, filled } from './shapes'

/** An area of one look. */
export interface Fill {
  d: string
  look: Look
  /** What is picked here, where the area is one. */
  code?: string
}

/** An area that can be picked. */
interface Area {
  code: string
  d: string
}

export interface DrawnPanel {
  name: Panel['name']
  frame: Panel['frame']
  fills: Fill[]
  /** Borders, over the fills. */
  lines: string
  /** What can be picked over fills that cannot. */
  hits: Area[]
}

export interface Picture {
  width: number
  height: number
  panels: DrawnPanel[]
}

/** The paths of a map. */
export function picture(
  outlines: Outlines,
  within: string,
  level: Level,
  look: (code: string) => Look,
): Picture {
  const { sheet, areas, lines } = groundOf(outlines, within)
  const isMerged = within === '00' && level === 'towns'
  const panels = sheet.panels.map((panel, place): DrawnPanel => {
    const here = areas[place] ?? []
    const fills = isMerged
      ? byLook(outlines, panel, look)
      : here.map((area) => ({ ...area, look: look(area.code) }))
    const { name, frame } = panel
    return { name, frame, fills, lines: lines[place] ?? '', hits: isMerged ? here : [] }
  })
  return { width: sheet.width, height: sheet.height, panels }
}

/** What a map has before it is coloured: by panel, the areas that can be picked and their borders. */
interface Ground {
  sheet: Sheet
  areas: Area[][]
  lines: string[]
}

const grounds = new WeakMap<Outlines, Map<string, Ground>>()
const prefectureOf = (code: string) => code.slice(0, 2)
const itself = (code: string) => code

function groundOf(outlines: Outlines, within: string): Ground {
  const known = grounds.get(outlines) ?? new Map<string, Ground>()
  grounds.set(outlines, known)
  let ground = known.get(within)
  if (ground === undefined) {
    const sheet = sheetOf(outlines, within)
    const key = within === '00' ? prefectureOf : itself
    const between = (one: string, other: string) => key(one) !== key(other)
    ground = {
      sheet,
      areas: sheet.panels.map((panel) =>
        grouped(panel.codes, key).map(([code, codes]) => ({ code, d: path(outlines, panel, codes) })),
      ),
      lines: sheet.panels.map(({ codes, put }) => drawn(outlines.borders(codes, between), put)),
    }
    known.set(within, ground)
  }
  return ground
}

function byLook(outlines: Outlines, panel: Panel, look: (code: string) => Look): Fill[] {
  return grouped(panel.codes, (code) => String(look(code))).map(([, codes]) => ({
    d: path(outlines, panel, codes),
    look: look(codes[0] ?? ''),
  }))
}

/** The path of towns put together. */
function path(outlines: Outlines, { clip, put }: Panel, codes: string[]): string {
  return filled(clip(outlines.together(codes)), put)
}

function grouped(codes: string[], key: (code: string) => string): [string, string[]][] {
  const groups = new Map<string, string[]>()
  for (const code of codes) {
    const group = groups.get(key(code))
    if (group === undefined) groups.set(key(code), [code])
    else group.push(code)
  }
  return [...groups].sort(([one], [other]) => one.localeCompare(other))
}
