import { describe, expect, test } from 'vitest'

import { grouped, reads, rowsOf, sqlAddress, type TableDescription } from '../../src/data/tables'

function table(name: string, columns: string[]): TableDescription {
  const described = columns.map((column) => ({
    name: column,
    type: 'text',
    nullable: false,
    description: { ja: column, en: column },
  }))
  return { name, description: { ja: name, en: name }, sorted_by: [], columns: described }
}

describe('the catalogue', () => {
  test('a table that no group names comes last and is not lost', () => {
    const groups = grouped([table('holidays', []), table('peers', []), table('connected_monthly', [])])
    expect(groups.map((group) => group.name)).toEqual(['ties', 'compare', 'other'])
    expect(groups.at(-1)?.tables.map((one) => one.name)).toEqual(['holidays'])
  })

  test('rows are of the month that is looked at, else of the newest, else of all', () => {
    const monthly = table('connected_monthly', ['month', 'month_text', 'persons'])
    expect(rowsOf(monthly, '2026-03')).toContain("WHERE month_text = '2026-03'")
    expect(rowsOf(monthly, undefined)).toContain('(SELECT max(month) FROM connected_monthly)')
    expect(rowsOf(table('release_changes', ['edition']), '2026-03', 20)).toBe(
      'SELECT *\nFROM release_changes\nLIMIT 20',
    )
  })

  test('a longer name is another table', () => {
    expect(reads('SELECT 1 FROM peers WHERE true', 'peers')).toBe(true)
    expect(reads('SELECT 1 FROM connected_monthly_total', 'connected_monthly')).toBe(false)
    expect(reads('WITH t AS (SELECT 1 FROM a JOIN peers USING (x)) SELECT 1', 'peers')).toBe(true)
    expect(reads(undefined, 'peers')).toBe(false)
  })

  test('SQL goes into an address whole', () => {
    const address = new URL(sqlAddress("SELECT '茅野市' & 1", 'xlsx', 3), 'http://example.test')
    expect(address.searchParams.get('sql')).toBe("SELECT '茅野市' & 1")
    expect(address.searchParams.get('rev')).toBe('3')
  })
})
