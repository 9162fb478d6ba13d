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

test('who comes without a question finds the SQL open', async ({ open }) => {
  const page = await open('/en/sql')
  await settled(page)
  expect(await page.locator('details.sql').evaluate((one) => (one as HTMLDetailsElement).open)).toBe(true)
})
