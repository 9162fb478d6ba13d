// Signing in, on a server that answers as one with users does.
//
// In: the page, and answers of `/v1/session` in the server's place, since the server of the tests has no users. Out: the
// words of the form, and that the header knows. An officer who comes to her town is in `signed.test.ts`, on a real server.

import type { Page, Route } from 'playwright-core'
import { describe, expect } from 'vitest'

import { settled, test } from './browser'

const isSession = (url: URL) => url.pathname === '/v1/session'
const SIGNED_OUT = { has_users: true, needs_sign_in: false, signed_in: false, name: null, areas: null }

/** A server with somebody who may see everything; `wrong` is the state that it refuses everybody else with. */
function users(wrong = 401) {
  let document: object = SIGNED_OUT
  const answer = (route: Route) => {
    const request = route.request()
    if (request.method() === 'POST') {
      const said = request.postDataJSON() as { name: string; password: string }
      if (said.password !== 'right') return route.fulfill({ status: wrong, json: { error: 'refused' } })
      document = { ...SIGNED_OUT, signed_in: true, name: said.name, areas: [] }
    }
    if (request.method() === 'DELETE') document = SIGNED_OUT
    return route.fulfill({ json: document })
  }
  return { before: (page: Page) => page.route(isSession, answer) }
}

async function enter(page: Page, name: string, password: string) {
  await page.getByLabel('利用者名').fill(name)
  await page.getByLabel('パスワード').fill(password)
  await page.locator('main').getByRole('button', { name: 'サインイン' }).click()
}

const REFUSED = [/Failed to load resource/]

describe('session', () => {
  test('an unknown name and a wrong password get the same words', async ({ open }) => {
    const page = await open('/signin', { allowed: REFUSED, before: users().before })
    const messages: string[] = []
    for (const name of ['somebody', 'nobody']) {
      await enter(page, name, 'wrong')
      const alert = page.getByRole('alert').filter({ hasText: '違います' })
      await alert.waitFor()
      messages.push(await alert.innerText())
      expect(await page.getByLabel('パスワード').inputValue(), 'the password is not kept').toBe('')
    }
    expect(messages).toEqual([messages[0], messages[0]])
  })

  test('who tried too often is asked to wait', async ({ open }) => {
    const page = await open('/signin', { allowed: REFUSED, before: users(429).before })
    await enter(page, 'somebody', 'wrong')
    await page.getByRole('alert').filter({ hasText: 'しばらく待って' }).waitFor()
  })

  test('who may see everything stays, and signs out again', async ({ open }) => {
    const page = await open('/signin', { before: users().before })
    await enter(page, 'analyst', 'right')
    await page.getByText('analyst さんでサインインしています。').waitFor()
    await page.locator('main').getByRole('button', { name: 'サインアウト' }).click()
    await page.getByLabel('利用者名').waitFor()
    await settled(page)
    expect(await page.locator('header').first().innerText()).not.toContain('analyst')
  })

  test('a server without users says that nobody has to sign in', async ({ open }) => {
    const json = { ...SIGNED_OUT, has_users: false }
    const page = await open('/signin', {
      before: (page) => page.route(isSession, (route) => route.fulfill({ json })),
    })
    await page.getByText('サインインせずに').waitFor()
    expect(await page.locator('main form').count()).toBe(0)
  })
})
