// Pictures of the page for the documentation.
//
// In: a server with a release. Out: `docs/pictures/<what>-<language>-<width>.png`. They are taken as the tests see the
// page, so that a picture which is no longer true is replaced by `npm run pictures` and by nothing else. Towns are chosen
// by what they have: the one with most connected people, one of about 3,000 residents, and one whose connected people are hidden.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { expect } from 'vitest'

import { settled, test } from './browser'
import { first, hiddenTowns, townOf, townsWithFigures } from './server'

const FOLDER = process.env.KAYOI_PICTURES ?? join(import.meta.dirname, '../../../../docs/pictures')

/** Pictures are kept with the source, so that they must be small. */
const MOST_BYTES = 220_000

interface Picture {
  name: string
  path: string
  language?: 'en'
  width?: number
}

async function pictures(): Promise<Picture[]> {
  const big = first(await townsWithFigures())
  const town = `/t/${big}`
  return [
    { name: 'landing', path: '/' },
    { name: 'landing', path: '/', language: 'en' },
    { name: 'town', path: town },
    { name: 'town', path: town, language: 'en' },
    { name: 'town', path: town, width: 360 },
    { name: 'town-of-3000', path: `/t/${await townOf(3000)}` },
    { name: 'town-hidden', path: `/t/${first(await hiddenTowns())}` },
    { name: 'map', path: '/map' },
    { name: 'console', path: `/sql?q=origins-top5&t=${big}` },
    { name: 'report', path: `${town}/report` },
  ]
}

test('pictures of every kind of page', async ({ open }) => {
  mkdirSync(FOLDER, { recursive: true })
  const sizes: Record<string, number> = {}
  for (const { name, path, language = 'ja', width = 1280 } of await pictures()) {
    const address = language === 'ja' ? path : `/en${path === '/' ? '' : path}`
    const page = await open(address, { width, height: width === 360 ? 740 : 860 })
    await settled(page)
    // Maps and charts draw for a while after their last answer; a map that is drawn has its list.
    if (name === 'map') await page.getByRole('listbox').getByRole('option').first().waitFor()
    await page.waitForTimeout(name === 'map' ? 3000 : 500)
    const file = `${name}-${language}-${width}.png`
    const picture = await page.screenshot({ path: join(FOLDER, file), animations: 'disabled' })
    sizes[file] = picture.length
    await page.context().close()
  }
  const wrong = Object.entries(sizes).filter(([, size]) => size < 10_000 || size > MOST_BYTES)
  expect(wrong, 'blank or too large').toEqual([])
})
