// Who has not signed in, and an officer, on a real server with users.
//
// In: `KAYOI_SIGNED_URL`, a server whose lake has an officer and a user of the role `public`; the officer's
// `name:password:town` in `KAYOI_SIGNED_OFFICER`; and `true` in `KAYOI_SIGNED_PUBLIC`. Out: nothing is refused to who only
// looks, and who signs in writes a target of her town and of no other. Without these addresses it fails: a test that is
// left out where nobody set it up says nothing for ever.

import type { Page, Response } from 'playwright-core'
import { describe, expect } from 'vitest'

import type { Municipality } from '../../src/server/types'
import { scrollThrough, settled, test as plain } from './browser'

function needed(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '')
    throw new Error(`${name} is missing: this test needs a server with users, and is never left out`)
  return value
}

const SIGNED = needed('KAYOI_SIGNED_URL').replace(/\/$/, '')
// A password may have colons.
const [, NAME = '', PASSWORD = '', TOWN = ''] =
  /^([^:]+):(.+):([0-9]{5})$/.exec(needed('KAYOI_SIGNED_OFFICER')) ?? []
if (TOWN === '') throw new Error('KAYOI_SIGNED_OFFICER is no name:password:town')
if (needed('KAYOI_SIGNED_PUBLIC') !== 'true')
  throw new Error('KAYOI_SIGNED_PUBLIC must be true: the server needs a user of the role public')

const test = plain.extend({ site: [SIGNED, { scope: 'file' }] })

/** Notes what a page is refused for want of a name. */
function refusals(page: Page): string[] {
  const noted: string[] = []
  page.on('response', (response: Response) => {
    if ([401, 403].includes(response.status()))
      noted.push(`${response.status()} ${response.request().method()} ${response.url()}`)
  })
  return noted
}

async function nameOfTown(): Promise<string> {
  const response = await fetch(`${SIGNED}/v1/municipalities`)
  const { municipalities } = (await response.json()) as { municipalities: Municipality[] }
  return municipalities.find(({ code }) => code === TOWN)?.name ?? TOWN
}

const header = (page: Page) => page.locator('header').first()
const kpi = (page: Page) => page.locator('section#kpi')

/** Goes to the town's targets. The session's own requests may still run, so that nothing waits for silence here. */
async function toTargets(page: Page) {
  await kpi(page).locator('[data-question="targets"]').first().waitFor()
  await kpi(page).scrollIntoViewIfNeeded()
}

async function signIn(page: Page) {
  await page.getByLabel('利用者名').fill(NAME)
  await page.getByLabel('パスワード').fill(PASSWORD)
  await page.locator('main').getByRole('button', { name: 'サインイン' }).click()
}

/** A target as a script would write it. */
const target = (name: string) => ({
  town: TOWN,
  name,
  level: 'KPI',
  kind: 'connected',
  direction: 'at_least',
  fiscal_year: 2027,
  persons: 4321,
})

describe('who has not signed in', () => {
  test.for([
    ['the landing page', '/', 'main dd[data-item][data-value]', 1],
    ['a town', `/t/${TOWN}`, '.cards [data-item][data-status]', 6],
    ['its report', `/t/${TOWN}/report`, 'main [data-question]', 3],
    ['a month that no release has', `/t/${TOWN}?m=2001-01`, 'main .outside a', 1],
    ['a prefecture', `/p/${TOWN.slice(0, 2)}`, 'main td[data-item$="_per_100_residents"][data-value]', 3],
    ['the country', '/p/00', 'main td[data-item][data-value]', 40],
    ['the map of all towns', '/map', '[role="listbox"] [role="option"]', 1000],
    ['the map of a town', `/map?t=${TOWN}`, '[role="listbox"] [role="option"]', 1],
    ['how sure figures are', '/quality', 'main table td', 40],
    ['the data', '/data/connected_monthly', 'main table td', 5],
  ] as const)('sees %s whole, and is refused nothing', async ([, path, figures, least], { open }) => {
    let refused: string[] = []
    // An answer that is refused is an error of the console too, which `open` lets no test pass with.
    const page = await open(path, { before: async (page) => void (refused = refusals(page)) })
    await settled(page)
    await scrollThrough(page)
    expect(refused).toEqual([])
    await page.locator(figures).first().waitFor({ state: 'attached' })
    expect(await page.locator(figures).count(), figures).toBeGreaterThanOrEqual(least)
    expect(
      await page.getByRole('alert').filter({ hasText: /\S/ }).count(),
      'nothing is said to be wrong',
    ).toBe(0)
    expect(await header(page).innerText()).toContain('サインイン')
  })

  test('asks named questions in the console, and is told that SQL needs signing in', async ({ open }) => {
    let refused: string[] = []
    const named = await open(`/sql?q=origins-top5&t=${TOWN}`, {
      before: async (page) => void (refused = refusals(page)),
    })
    await named.locator('main table').first().waitFor()
    await settled(named)
    expect(refused).toEqual([])
    // SQL of one's own is run as the address is opened. Whether the server is asked first is the page's affair.
    const own = await open(`/sql#${encodeURIComponent('SELECT count(*) FROM connected_monthly')}`, {
      allowed: [/Failed to load resource.*40[13]/],
    })
    await settled(own)
    await expect.poll(() => own.locator('main').innerText()).toMatch(/サインイン/)
    expect(await own.locator('main').innerText()).not.toMatch(/password|パスワード/)
  })

  test('writes no target', async ({ open }) => {
    const page = await open(`/t/${TOWN}`)
    await settled(page)
    await scrollThrough(page)
    await kpi(page).getByRole('link', { name: 'サインイン' }).waitFor()
    expect(await kpi(page).locator('form').count()).toBe(0)
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify(target('nobody'))
    const response = await fetch(`${SIGNED}/v1/kpi`, { method: 'POST', headers, body })
    expect([401, 403]).toContain(response.status)
  })
})

describe('an officer', () => {
  test('signs in, writes a target, finds it again, and signs out', async ({ open }) => {
    const page = await open('/signin')
    await settled(page)
    await signIn(page)
    await page.waitForURL((url) => url.pathname === `/t/${TOWN}`)
    expect(decodeURIComponent(page.url()), 'nothing of it stands in an address').not.toContain(PASSWORD)
    await page.getByRole('heading', { level: 1, name: await nameOfTown() }).waitFor()
    await expect.poll(() => header(page).innerText()).toContain(NAME)

    // The lake may have targets of earlier runs, so that this one has a name of its own.
    const name = `交流の目標 ${Date.now().toString(36)}`
    await toTargets(page)
    await kpi(page).locator('summary', { hasText: '目標を登録する' }).click()
    const form = kpi(page).locator('form')
    await form.getByLabel('目標の名').fill(name)
    await form.getByLabel('数える人').selectOption('connected')
    await form.getByLabel('目標の段').selectOption('KPI')
    await form.getByLabel('目標の人数').fill('4321')
    await form.getByRole('button', { name: '登録' }).click()
    await kpi(page).getByRole('status').filter({ hasText: '目標を登録しました' }).waitFor()
    const written = kpi(page).locator('.written li').filter({ hasText: name })
    await written.waitFor()
    expect(await written.innerText()).toContain('4,321')

    await page.reload()
    await toTargets(page)
    await written.waitFor()
    expect(await header(page).innerText()).toContain(NAME)

    // She writes for her own town alone, whatever asks in her name.
    const headers = { 'content-type': 'application/json' }
    const write = (document: object, more: Record<string, string> = {}) =>
      fetch(`${SIGNED}/v1/kpi`, {
        method: 'POST',
        headers: { ...headers, ...more },
        body: JSON.stringify(document),
      })
    const kept = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
    expect(kept).not.toBe('')
    const elsewhere = { ...target('elsewhere'), town: TOWN === '13101' ? '13102' : '13101' }
    expect((await write(elsewhere, { cookie: kept })).status, 'a target of another town').toBe(403)

    await written.getByRole('button', { name: '目標を取り消す' }).click()
    await written.waitFor({ state: 'detached' })

    await header(page).getByRole('link', { name: NAME }).click()
    await page.locator('main').getByRole('button', { name: 'サインアウト' }).click()
    await page.getByLabel('利用者名').waitFor()
    await page.goto(`${SIGNED}/t/${TOWN}`)
    await page.reload()
    await toTargets(page)
    expect(await header(page).innerText()).not.toContain(NAME)
    await kpi(page).getByRole('link', { name: 'サインイン' }).waitFor()
    expect(await kpi(page).locator('form').count()).toBe(0)
    // Signing out ends the session at the server, and not only in the browser that forgets it.
    expect((await write(target('kept'), { cookie: kept })).status, 'a cookie that was kept').toBe(401)
  })
})
