// The same address is the same picture, byte by byte, whoever opens it.
//
// In: addresses of every kind of page. Out: `KAYOI_SNAPSHOTS` pictures of each (2 by default), every one in a profile of
// its own. Two that differ are kept below the system's temporary folder, with a note of how many pixels differ and where,
// since a picture that is made anew every month must change with the figures and with nothing else.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect } from 'vitest'

import { scrollThrough, settled, test as plain } from './browser'
import { first, townsWithFigures } from './server'

/**
 * Chromium otherwise draws only the damaged part of a tile anew, over edges that are half transparent already: corners of a
 * box then differ by a shade of grey, by the order in which answers came.
 */
const test = plain.extend({ chromiumArguments: [['--disable-partial-raster'], { scope: 'file' }] })

const TIMES = Number(process.env.KAYOI_SNAPSHOTS ?? 2)

/** Ten long pages, each drawn whole, take a while. */
const LONG = 1_800_000

/** How long a picture must stay as it is: a map's workers are silent for as long between two of its drawings. */
const STILL_MS = 1000

interface Shot {
  name: string
  path: (town: string) => string
  width?: number
  /** Of the whole page and not only of what the window shows. */
  whole?: boolean
  /** What must be there, of what is drawn after the last answer. */
  awaits?: string
  /** What differs from run to run and ought to, which is left out of the picture. */
  without?: string
}

const OPTION = '[role="listbox"] [role="option"]'

const shots: Shot[] = [
  { name: 'landing', path: () => '/' },
  { name: 'town', path: (town) => `/t/${town}`, whole: true },
  { name: 'town-360', path: (town) => `/t/${town}`, whole: true, width: 360 },
  { name: 'town-en', path: (town) => `/en/t/${town}`, whole: true },
  { name: 'report', path: (town) => `/t/${town}/report`, whole: true },
  { name: 'prefecture', path: (town) => `/p/${town.slice(0, 2)}`, whole: true },
  { name: 'country', path: () => '/p/00', whole: true },
  { name: 'map', path: () => '/map', awaits: OPTION },
  { name: 'map-of-a-town', path: (town) => `/map?t=${town}`, awaits: OPTION },
  // How long the answer took stands beside it, and is no figure.
  {
    name: 'console',
    path: (town) => `/sql?q=origins-top5&t=${town}`,
    awaits: 'main table',
    without: '.told { visibility: hidden }',
  },
  { name: 'quality', path: () => '/quality', whole: true, awaits: 'main table' },
  { name: 'data', path: () => '/data', whole: true },
  { name: 'data-of-a-table', path: () => '/data/connected_monthly', whole: true },
]

/** The page once it no longer changes: the same picture for `STILL_MS`. */
async function still(page: Page, { whole = false, without }: Shot): Promise<Buffer> {
  const take = () =>
    page.screenshot({
      fullPage: whole,
      animations: 'disabled',
      ...(without === undefined ? {} : { style: without }),
    })
  let picture = await take()
  let since = Date.now()
  await expect
    .poll(
      async () => {
        const next = await take()
        if (!next.equals(picture)) since = Date.now()
        picture = next
        return Date.now() - since
      },
      { timeout: 60_000, interval: 100, message: `${page.url()} goes on changing` },
    )
    .toBeGreaterThanOrEqual(STILL_MS)
  return picture
}

interface Difference {
  pixels: number
  /** From its upper left corner to its lower right one. */
  box: number[]
  sizes: string[]
}

/** Wherein two pictures differ, as a browser reads them. */
async function compare(browser: Browser, pictures: Buffer[]): Promise<Difference> {
  const page = await browser.newPage()
  try {
    return await page.evaluate(
      async (texts) => {
        const read = async (text: string) => {
          const image = new Image()
          image.src = `data:image/png;base64,${text}`
          await image.decode()
          const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight)
          const context = canvas.getContext('2d')
          context?.drawImage(image, 0, 0)
          return context?.getImageData(0, 0, canvas.width, canvas.height)
        }
        const [one, other] = [await read(texts[0] ?? ''), await read(texts[1] ?? '')]
        if (one === undefined || other === undefined) throw new Error('there is no canvas')
        const width = Math.min(one.width, other.width)
        const height = Math.min(one.height, other.height)
        const box = [width, height, 0, 0]
        let pixels = one.width * one.height + other.width * other.height - 2 * width * height
        const value = ({ data, width }: ImageData, x: number, y: number) =>
          [0, 1, 2].map((channel) => data[(y * width + x) * 4 + channel]).join()
        for (let y = 0; y < height; y += 1)
          for (let x = 0; x < width; x += 1) {
            if (value(one, x, y) === value(other, x, y)) continue
            pixels += 1
            const [left = 0, top = 0, right = 0, bottom = 0] = box
            box.splice(0, 4, Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y))
          }
        return { pixels, box, sizes: [one, other].map(({ width, height }) => `${width} x ${height}`) }
      },
      pictures.map((picture) => picture.toString('base64')),
    )
  } finally {
    await page.close()
  }
}

/** Keeps two pictures that differ, and says where they are. */
async function keep(browser: Browser, name: string, pictures: Buffer[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), `kayoi-snapshots-${name}-`))
  pictures.forEach((picture, place) => writeFileSync(join(folder, `${place + 1}.png`), picture))
  const { pixels, box, sizes } = await compare(browser, pictures)
  const note = `${name}: ${pixels} pixels differ, between ${box.join(', ')}, of ${sizes.join(' and ')}`
  writeFileSync(join(folder, 'note.txt'), `${note}\n`)
  return `${note}; both are in ${folder}`
}

let town = ''
beforeAll(async () => {
  town = first(await townsWithFigures())
})

describe('snapshots', () => {
  test.for(shots)(
    '$name is the same picture every time',
    { timeout: LONG },
    async (shot, { open, browser }) => {
      let firstOne: Buffer | undefined
      for (let time = 0; time < TIMES; time += 1) {
        const page = await open(shot.path(town), { width: shot.width ?? 1280 })
        await settled(page)
        if (shot.awaits !== undefined) await page.locator(shot.awaits).first().waitFor()
        await scrollThrough(page)
        const picture = await still(page, shot)
        await page.context().close()
        firstOne ??= picture
        if (!picture.equals(firstOne)) expect.fail(await keep(browser, shot.name, [firstOne, picture]))
      }
    },
  )
})
