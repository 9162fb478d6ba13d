// An address says what is shown: it can be gone back to, copied, opened by somebody else, and mistyped.

import { describe, expect } from 'vitest'

import { notFound, settled, SITE, test } from './browser'
import type { Answer } from '../../src/server/types'
import { emptyMonth, first, release, townsWithFigures } from './server'

const figures = (page: import('playwright-core').Page) =>
  page
    .locator('.cards [data-item]')
    .evaluateAll((all) =>
      all
        .map((one) => [one, ...['data-item', 'data-value', 'data-low', 'data-high', 'data-status']])
        .map(([one, ...names]) =>
          names.map((name) => (one as Element).getAttribute(name as string)).join(' '),
        ),
    )

describe('places', () => {
  test('back and forward go through the months, with their figures', async ({ open }) => {
    const code = first(await townsWithFigures())
    const { months, newest_month } = await release()
    const before = months[months.indexOf(newest_month) - 1] ?? newest_month
    const page = await open(`/t/${code}?m=${newest_month}`)
    await page.locator('.cards [data-item]').nth(5).waitFor()
    await settled(page)
    const newest = await figures(page)
    await page.getByRole('button', { name: '前の月' }).click()
    await page.waitForURL((url) => url.searchParams.get('m') === before)
    await settled(page)
    const older = await figures(page)
    await page.goBack()
    await settled(page)
    expect(new URL(page.url()).searchParams.get('m')).toBe(newest_month)
    expect(await figures(page)).toEqual(newest)
    await page.goForward()
    await settled(page)
    expect(await figures(page)).toEqual(older)
  })

  test('a copied link names month, revision and definition, and shows the same to somebody else', async ({
    open,
  }) => {
    const code = first(await townsWithFigures())
    const page = await open(`/t/${code}`, { permissions: ['clipboard-read', 'clipboard-write'] })
    await settled(page)
    const mine = await figures(page)
    await page.getByRole('button', { name: 'リンクをコピー' }).first().click()
    const copied = new URL(await page.evaluate(() => navigator.clipboard.readText()))
    expect([...copied.searchParams.keys()]).toEqual(expect.arrayContaining(['m', 'd', 'rev']))
    expect(copied.origin).toBe(new URL(SITE).origin)
    const other = await open(copied.pathname + copied.search + copied.hash)
    await settled(other)
    expect(await figures(other)).toEqual(mine)
  })

  test('the other language shows the same place and the same figures', async ({ open }) => {
    const code = first(await townsWithFigures())
    const { newest_month } = await release()
    const page = await open(`/t/${code}?m=${newest_month}`)
    await settled(page)
    const mine = await figures(page)
    await page.getByRole('link', { name: 'English' }).click()
    await page.waitForURL((url) => url.pathname === `/en/t/${code}`)
    await settled(page)
    expect(new URL(page.url()).searchParams.get('m')).toBe(newest_month)
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    expect(await figures(page)).toEqual(mine)
    const alternates = await page
      .locator('link[rel="alternate"]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('hreflang')))
    expect(alternates).toEqual(expect.arrayContaining(['ja', 'en']))
  })

  test('no page in English has a word in Japanese but names', async ({ open }) => {
    for (const path of ['/en/method', '/en/quality', '/en/data', '/en/signin', '/en/method/accessibility']) {
      const page = await open(path)
      await settled(page)
      const text = await page.locator('main').innerText()
      // Official terms stand in brackets beside their English.
      const left = text.replace(/[(（][^)）]*[)）]/g, '').match(/[\p{sc=Hiragana}\p{sc=Katakana}]+/gu)
      expect(left ?? [], path).toEqual([])
    }
  })

  test('parameters that nobody knows are ignored, and the page says so', async ({ open }) => {
    const code = first(await townsWithFigures())
    const page = await open(`/t/${code}?utm_source=mail&m=2026-99`)
    await settled(page)
    await page.locator('.cards [data-item]').nth(5).waitFor()
    const notices = await page.getByRole('region', { name: 'お知らせ' }).innerText()
    expect(notices).toContain('utm_source')
    expect(notices).toContain('m')
  })

  test('six digits lead to the five, an unknown code to words, an unknown page to words', async ({
    open,
  }) => {
    const page = await open('/t/202142')
    await page.waitForURL(/\/t\/20214($|\?)/)
    for (const path of [
      '/t/99999',
      '/p/99',
      '/no-such-page',
      '/method/no-such-term',
      '/data/no_such_table',
    ]) {
      const lost = await open(path, path === '/no-such-page' ? { allowed: notFound(path) } : {})
      await settled(lost)
      expect((await lost.locator('main').innerText()).length, path).toBeGreaterThan(20)
      expect(await lost.locator('h1').count(), path).toBe(1)
      expect(await lost.locator('main a').count(), `a way on from ${path}`).toBeGreaterThan(0)
      await lost.context().close()
    }
  })

  test('an older revision says that it is one', async ({ open }) => {
    const { revision } = await release()
    const code = first(await townsWithFigures())
    const page = await open(`/t/${code}?rev=${revision + 7}`, { allowed: [/Failed to load resource/] })
    await settled(page)
    expect(await page.getByRole('region', { name: 'お知らせ' }).innerText()).toContain(String(revision + 7))
  })

  test('targets have a place of their own on the page, and their SQL in the console', async ({ open }) => {
    const code = first(await townsWithFigures())
    const address = `${SITE}/v1/questions/targets?town=${code}`
    const { rows, sentence } = (await (await fetch(address)).json()) as Answer
    const page = await open(`/t/${code}#kpi`)
    await settled(page)
    const section = page.locator('section#kpi')
    await expect
      .poll(() => section.evaluate((one) => Math.abs(one.getBoundingClientRect().top)))
      .toBeLessThan(900)
    expect(await section.innerText()).not.toContain('まだ公開していません')
    const targets = section.locator('[data-question="targets"]').first()
    if (rows.length > 0) expect(await targets.innerText()).toContain(sentence?.ja)
    else expect((await targets.innerText()).length, 'words where there is no target').toBeGreaterThan(8)
    const console = await open(`/sql?q=targets&t=${code}`)
    await settled(console)
    await console.locator('summary', { hasText: 'SQLを見る' }).click()
    await expect.poll(() => console.locator('main').innerText()).toContain('kpi_targets')
  })

  test('the section of an address stays at its place while the page fills in, until the reader moves', async ({
    open,
  }) => {
    const code = first(await townsWithFigures())
    const waiting: (() => void)[] = []
    // All answers but the cards wait, so that sections stand before their figures come.
    const page = await open(`/t/${code}#kpi`, {
      before: (page) =>
        page.route(
          (url) => url.pathname === '/v1/questions',
          async (route) => {
            if (!(route.request().postData() ?? '').includes('"town-summary"'))
              await new Promise<void>((resolve) => waiting.push(resolve))
            await route.continue()
          },
        ),
    })
    const section = page.locator('section#kpi')
    const top = () => section.evaluate((one) => Math.round(one.getBoundingClientRect().top))
    await section.waitFor()
    await expect.poll(top).toBeLessThan(100)
    const height = () => page.evaluate(() => document.documentElement.scrollHeight)
    const before = await height()
    // How long the answers take is not what this is about.
    const slow = { timeout: 30_000 }
    await expect
      .poll(async () => {
        for (const go of waiting.splice(0)) go()
        return await height()
      }, slow)
      .not.toBe(before)
    await expect.poll(() => page.locator('.sections').getAttribute('aria-busy'), slow).toBe('false')
    for (const go of waiting.splice(0)) go()
    await settled(page)
    expect(Math.abs(await top())).toBeLessThan(100)
    await page.mouse.move(640, 450)
    await page.mouse.wheel(0, -1500)
    await expect.poll(top).toBeGreaterThan(1000)
    const left = await top()
    await page.evaluate(() =>
      document.body.append(Object.assign(document.createElement('p'), { innerText: '…' })),
    )
    await settled(page)
    expect(Math.abs((await top()) - left), 'it is not taken back').toBeLessThan(100)
  })

  test('a month of which nothing is computed offers the year, the prefecture and the method', async ({
    open,
  }) => {
    const code = first(await townsWithFigures())
    const month = await emptyMonth()
    const page = await open(`/t/${code}?m=${month}`)
    await settled(page)
    expect(await page.locator('.cards [data-item][data-status="not_computed"]').count()).toBe(6)
    expect(
      await page.locator('.cards [data-value], .sections [data-value]').count(),
      'no figure of a month',
    ).toBe(0)
    const ways = await page
      .locator('main a')
      .evaluateAll((all) => all.map((one) => new URL((one as HTMLAnchorElement).href).pathname))
    const prefecture = ways.indexOf(`/p/${code.slice(0, 2)}`)
    expect(prefecture).toBeGreaterThanOrEqual(0)
    expect(ways.findIndex((way, index) => index > prefecture && way.startsWith('/method'))).toBeGreaterThan(0)
  })

  test('the SQL of a figure and the page of its word are one click away', async ({ open }) => {
    const code = first(await townsWithFigures())
    const page = await open(`/t/${code}`)
    await settled(page)
    const sql = page.getByRole('link', { name: 'SQLを開く' }).first()
    expect(await sql.getAttribute('href')).toMatch(/^\/sql\?/)
    await sql.click()
    await page.waitForURL(/\/sql\?/)
    await settled(page)
    await page.getByRole('table').first().waitFor()
    await page.goBack()
    await settled(page)
    await page.getByRole('button', { name: '関係人口', exact: true }).first().click()
    await page.getByRole('link', { name: '定義と計算' }).first().click()
    await page.waitForURL(/\/method\/connected/)
    await page.getByRole('heading', { level: 1, name: '関係人口' }).waitFor()
  })
})
