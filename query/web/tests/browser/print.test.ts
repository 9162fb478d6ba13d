// The report as a file: A4, two pages, text that can be searched, nothing blank.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'

import { settled, test } from './browser'
import { first, hiddenTowns, municipalities, release, townsWithFigures } from './server'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kayoi-print-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Prints as the browser's own dialogue does, and gives the file. */
async function printed(page: Page, name: string): Promise<string> {
  const path = join(folder, `${name}.pdf`)
  writeFileSync(path, await page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true }))
  return path
}

const textOf = (path: string) => execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })

/** Pages of a file, by the form feed that ends each. */
function pagesOf(path: string): string[] {
  return textOf(path)
    .split('\f')
    .slice(0, -1)
    .map((page) => page.replace(/\s+/g, ' ').trim())
}

/** How much of a page is not white, in grey as an office printer has it. */
function inked(path: string, page: number): number {
  const grey = execFileSync('pdftoppm', ['-gray', '-r', '40', '-f', String(page), '-l', String(page), path], {
    maxBuffer: 64 * 1024 * 1024,
  })
  // A PGM: three numbers of text, then a byte for each pixel.
  const header = /^P5\s+(\d+)\s+(\d+)\s+\d+\s/.exec(grey.subarray(0, 40).toString('latin1'))
  const pixels = grey.subarray(header?.[0].length ?? 0)
  return pixels.filter((value) => value < 200).length / pixels.length
}

describe('print', () => {
  test('the report of a town is two pages of A4 with its sentence and its figures', async ({ open }) => {
    const code = first(await townsWithFigures())
    const town = (await municipalities()).find((one) => one.code === code)
    const { newest_month, revision } = await release()
    for (const [language, name] of [
      ['', town?.name],
      ['/en', town?.romaji],
    ]) {
      const page = await open(`${language}/t/${code}/report?m=${newest_month}`)
      await settled(page)
      const path = await printed(page, `report${(language ?? '').replace('/', '-')}`)
      const information = execFileSync('pdfinfo', ['-f', '1', '-l', '9', path], { encoding: 'utf8' })
      const sizes = [...information.matchAll(/Page\s+\d+ size:\s+([\d.]+) x ([\d.]+) pts( \(A4\))?/g)]
      expect(sizes.length).toBe(2)
      for (const [line, wide, high, a4] of sizes) {
        // 210 mm by 297 mm, upright, to the whole points that printers work with.
        expect(Math.abs(Number(wide) - 595.28), line).toBeLessThan(1)
        expect(Math.abs(Number(high) - 841.89), line).toBeLessThan(1)
        expect(a4, line).toBe(' (A4)')
      }
      expect([...information.matchAll(/Page\s+\d+ rot:\s+(\d+)/g)].map(([, turn]) => turn)).toEqual([
        '0',
        '0',
      ])
      expect(information).toMatch(/Tagged:\s+yes/)
      const pages = pagesOf(path)
      expect(pages.length).toBe(2)
      for (const [index, text] of pages.entries()) {
        expect(text.length, `text of page ${index + 1}`).toBeGreaterThan(200)
        expect(inked(path, index + 1), `ink of page ${index + 1}`).toBeGreaterThan(0.01)
      }
      const all = pages.join(' ').replaceAll(' ', '')
      expect(all).toContain((name ?? code).replaceAll(' ', ''))
      expect(all).toContain(`/t/${code}`)
      expect(all).toContain(String(revision))
    }
  })

  test('a town whose figures are hidden prints two pages as well', async ({ open }) => {
    const [code] = await hiddenTowns()
    if (code === undefined) throw new Error('the release hides no town')
    const page = await open(`/t/${code}/report`)
    await settled(page)
    const pages = pagesOf(await printed(page, 'hidden'))
    expect(pages.length).toBe(2)
    expect(pages.join(' ')).toContain('秘匿')
  })

  test('a sheet is set as small as its content asks for, in any window, and larger again', async ({
    open,
  }) => {
    const code = first(await townsWithFigures())
    const steps = (page: Page) =>
      page
        .locator('.sheet .inner')
        .evaluateAll((all) => all.map((one) => (one as HTMLElement).style.getPropertyValue('--zoom')))
    const narrow = await open(`/t/${code}/report`, { width: 320 })
    await settled(narrow)
    const page = await open(`/t/${code}/report`)
    await settled(page)
    const before = await steps(page)
    expect(before.length).toBe(2)
    expect(await steps(narrow)).toEqual(before)
    await page.evaluate(() => {
      const block = document.createElement('div')
      block.id = 'long'
      block.style.height = '300px'
      document.querySelector('.sheet .inner')?.append(block)
    })
    await expect.poll(async () => Number((await steps(page))[0])).toBeLessThan(Number(before[0]))
    await page.evaluate(() => document.querySelector('#long')?.remove())
    await expect.poll(() => steps(page)).toEqual(before)
  })

  test('charts that nobody has scrolled to are drawn as soon as the page is printed', async ({ open }) => {
    const page = await open(`/t/${first(await townsWithFigures())}`)
    await settled(page)
    const empty = () => document.querySelectorAll('.chart:not(:has(svg))').length
    expect(await page.evaluate(empty)).toBeGreaterThan(0)
    // In one step of the page, since the browser waits for nothing between telling of paper and laying it out.
    const left = await page.evaluate(() => {
      dispatchEvent(new Event('beforeprint'))
      return document.querySelectorAll('.chart:not(:has(svg))').length
    })
    expect(left).toBe(0)
  })

  test('a browser that tells of paper by its medium alone draws them too', async ({ open }) => {
    const page = await open(`/t/${first(await townsWithFigures())}`)
    await settled(page)
    expect(await page.locator('.chart:not(:has(svg))').count()).toBeGreaterThan(0)
    await page.emulateMedia({ media: 'print' })
    await expect.poll(() => page.locator('.chart:not(:has(svg))').count()).toBe(0)
  })

  test('other pages print without the parts that only work on a screen', async ({ open }) => {
    for (const path of ['/method/connected', '/quality', '/data/connected_monthly']) {
      const page = await open(path)
      await settled(page)
      const pages = pagesOf(await printed(page, path.replaceAll('/', '-')))
      expect(
        pages.every((text) => text.length > 20),
        path,
      ).toBe(true)
      expect(pages.join(' ')).not.toContain('English')
    }
  })
})
