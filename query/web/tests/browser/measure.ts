// How long things take, printed beside what is aimed at.
//
// In: a server with a release. Out: a table of least, median and greatest. Nothing is asserted: times differ from machine
// to machine, and with what else it does. `KAYOI_TIMES` says how often each is done, 5 by default.
//
// Loads go over 1.6 Mbit/s with 150 ms of latency and nothing in the cache. An interaction is what the browser itself
// counts: from the input to the picture that follows. The map is drawn by the processor, as on a virtual desktop.

import type { Page } from 'playwright-core'
import { afterAll, describe } from 'vitest'

import { settled, test as plain, type Open } from './browser'
import { CARDS, noteWhenThere } from './page'
import { first, townsWithFigures } from './server'
import { interact, noteInteractions, mapDrawn, noteMapDrawn, slow, type Timed } from './timing'

const TIMES = Number(process.env.KAYOI_TIMES ?? 5)

const test = plain.extend({ chromiumArguments: [['--disable-gpu'], { scope: 'file' }] })

const lines: string[][] = [['what', 'least', 'median', 'greatest', 'aim', 'times']]

function note(what: string, times: number[], aim: number) {
  const sorted = times.toSorted((one, other) => one - other)
  const at = (part: number) => Math.round(sorted[Math.round(part * (sorted.length - 1))] ?? NaN)
  lines.push([what, ...[at(0), at(0.5), at(1), aim].map((one) => `${one} ms`), String(times.length)])
}

afterAll(() => {
  const widths =
    lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? []
  const row = (line: string[]) =>
    line.map((one, column) => (column === 0 ? one.padEnd(widths[0] ?? 0) : one.padStart(widths[column] ?? 0)))
  console.log(lines.map((line) => row(line).join('  ')).join('\n'))
})

/** First paint with content, and when an element is there, of a load over a slow line. */
async function load(open: Open, path: string, whole: string): Promise<Timed> {
  const page = await open(path, {
    before: async (page) => {
      await slow(page)
      await page.addInitScript(noteWhenThere, whole)
    },
  })
  await page.locator(whole).first().waitFor()
  const timed = await page.evaluate(
    () =>
      new Promise<Timed>((done) => {
        const look = () => {
          const { there } = window as unknown as { there?: number }
          const [paint] = performance.getEntriesByName('first-contentful-paint')
          if (there !== undefined && paint !== undefined) done({ paint: paint.startTime, there })
          else requestAnimationFrame(look)
        }
        look()
      }),
  )
  await page.context().close()
  return timed
}

/** Does something again and again on a page that is loaded, and notes how long each takes until it shows. */
async function repeat(page: Page, what: string, act: (time: number) => Promise<unknown>, aim = 100) {
  const times: number[] = []
  for (let time = 0; time < TIMES; time += 1) times.push(await interact(page, () => act(time)))
  note(what, times, aim)
}

async function before(page: Page) {
  await page.addInitScript(noteInteractions)
  await page.addInitScript(noteMapDrawn)
}

describe('measure', () => {
  test('loads over a slow line', async ({ open }) => {
    const town = first(await townsWithFigures())
    for (const [what, path, whole] of [
      ['landing', '/', 'main [role="combobox"]'],
      ['town', `/t/${town}`, CARDS],
      ['prefecture', `/p/${town.slice(0, 2)}`, 'main table tbody tr'],
    ] as const) {
      const all: Timed[] = []
      for (let time = 0; time < TIMES; time += 1) all.push(await load(open, path, whole))
      note(
        `${what}: first contentful paint`,
        all.map(({ paint }) => paint),
        1000,
      )
      if (what === 'town')
        note(
          'town: six cards',
          all.map(({ there }) => there),
          1500,
        )
    }
  })

  test('interactions', async ({ open }) => {
    const code = first(await townsWithFigures())
    const town = await open(`/t/${code}`, { before })
    await settled(town)
    const earlier = town.getByRole('button', { name: '前の月' })
    await repeat(town, 'town: a month back', () => earlier.click())
    const tables = town.locator('section details:not([open]) > summary', { hasText: '表で見る' })
    // The first that is still closed; each is another section's.
    await repeat(town, 'town: a table opened', () => tables.first().click())

    const prefecture = await open('/p/01', { before })
    await settled(prefecture)
    const heads = prefecture.locator('main thead button')
    await repeat(prefecture, '/p/01: another order', async (time) =>
      heads.nth(time % (await heads.count())).click(),
    )
    const kinds = prefecture.getByRole('group', { name: '地図に出すもの' }).getByRole('button')
    const other = (time: number, count: number) => (time + 1) % count
    await repeat(prefecture, '/p/01: another kind on the map', async (time) =>
      kinds.nth(other(time, await kinds.count())).click(),
    )

    const map = await open('/map', { before })
    await map.getByRole('listbox').getByRole('option').first().waitFor()
    await settled(map)
    await mapDrawn(map)
    const choices = map.locator('.controls input[type="radio"]')
    await repeat(map, '/map: another kind', async (time) =>
      choices.nth(other(time, await choices.count())).click(),
    )
  })

  test('the slider of map mode', async ({ open }) => {
    const code = first(await townsWithFigures())
    const page = await open(`/map?t=${code}`, {
      before,
    })
    await page.getByRole('listbox').getByRole('option').first().waitFor()
    await settled(page)
    await mapDrawn(page)
    await page.getByRole('slider').focus()
    const [shown, drawn]: [number[], number[]] = [[], []]
    for (let time = 0; time < TIMES; time += 1) {
      // Three places: to the end, and back.
      const key = time % 4 < 2 ? 'ArrowRight' : 'ArrowLeft'
      shown.push(await interact(page, () => page.keyboard.press(key)))
      drawn.push(await page.evaluate(() => (window as unknown as { drawnAfter: number }).drawnAfter))
    }
    note('/map?t=: a step of the slider, until it shows', shown, 200)
    note('/map?t=: a step of the slider, until the map is drawn', drawn, 200)
  })
})
