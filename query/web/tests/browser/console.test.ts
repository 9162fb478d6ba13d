// The console, as somebody has it who wants an answer and no SQL.

import { expect } from 'vitest'

import { settled, test } from './browser'
import { first, townsWithFigures } from './server'

test('the sentence of a question stands above its SQL, which is folded, and columns have Japanese names', async ({
  open,
}) => {
  const code = first(await townsWithFigures())
  const page = await open(`/sql?q=origins-top5&t=${code}`)
  await page.locator('main table').first().waitFor()
  await settled(page)
  const sql = page.locator('details.sql')
  expect(await sql.evaluate((one) => (one as HTMLDetailsElement).open)).toBe(false)
  const top = async (part: string) => (await page.locator(part).first().boundingBox())?.y ?? Infinity
  expect(await top('.sentence')).toBeLessThan(await top('details.sql'))
  expect(await top('details.sql')).toBeLessThan(await top('.desk table'))
  const heads = await page.locator('.desk thead th').allInnerTexts()
  const persons = heads.find((one) => one.includes('persons') && !one.includes('persons_'))
  expect(persons?.startsWith('人数')).toBe(true)
  await sql.locator('summary').click()
  expect(await sql.innerText()).toContain('SELECT')
})

test('who comes without a question is told to choose one, and finds the SQL folded', async ({ open }) => {
  const page = await open('/sql')
  await settled(page)
  const sql = page.locator('details.sql')
  expect(await sql.evaluate((one) => (one as HTMLDetailsElement).open)).toBe(false)
  expect(await page.locator('.desk').innerText()).toContain('左の質問をえらぶと、ここに答えが出ます。')
  await sql.locator('summary').click()
  await page.getByRole('button', { name: '実行' }).click()
  await page.locator('.desk table').waitFor()
  expect(await page.locator('.desk').innerText()).not.toContain('左の質問をえらぶと')
  // Types are of use beside SQL alone.
  expect(await page.locator('.desk thead').innerText()).toContain('bigint')
})

test('a link with SQL shows it', async ({ open }) => {
  const page = await open(`/en/sql#${encodeURIComponent('SELECT 1 AS one')}`)
  await page.locator('.desk table').waitFor()
  await settled(page)
  expect(await page.locator('details.sql').evaluate((one) => (one as HTMLDetailsElement).open)).toBe(true)
})

test('the town stays chosen after a question that is of no town', async ({ open }) => {
  const code = first(await townsWithFigures())
  const page = await open(`/sql?t=${code}`)
  await settled(page)
  const field = page.locator('.side [role="combobox"]')
  const name = await field.inputValue()
  expect(name).not.toBe('')
  await page.locator('.side a[href*="q=connected-people"]').first().click()
  await page.locator('.desk table').waitFor()
  await settled(page)
  expect(new URL(page.url()).searchParams.get('t')).toBe(code)
  expect(await field.inputValue()).toBe(name)
  await page.locator('.side a[href*="q=origins-top5"]').first().click()
  await page.waitForURL(/q=origins-top5/)
  await settled(page)
  expect(await page.locator('.desk').innerText()).toContain(name)
})
