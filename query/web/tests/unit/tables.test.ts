import { describe, expect, test } from 'vitest'

import { grouped, reads, rowsAddress, rowsSql, type TableDescription } from '../../src/data/tables'

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
    expect(rowsSql(monthly, '2026-03')).toContain("WHERE month_text = '2026-03'")
    expect(rowsSql(monthly, undefined)).toContain('(SELECT max(month) FROM connected_monthly)')
    expect(rowsSql(table('release_changes', ['edition']), '2026-03', 20)).toBe(
      'SELECT *\nFROM release_changes\nLIMIT 20',
    )
  })

  test('a longer name is another table', () => {
    expect(reads('SELECT 1 FROM peers WHERE true', 'peers')).toBe(true)
    expect(reads('SELECT 1 FROM connected_monthly_total', 'connected_monthly')).toBe(false)
    expect(reads('WITH t AS (SELECT 1 FROM a JOIN peers USING (x)) SELECT 1', 'peers')).toBe(true)
    expect(reads(undefined, 'peers')).toBe(false)
  })

  test('rows are had by the name of their table, of the month that is looked at', () => {
    const monthly = table('connected_monthly', ['month', 'month_text', 'persons'])
    const some = { month: '2026-10', revision: 3, format: 'json', limit: 20 }
    expect(rowsAddress(monthly, some)).toBe(
      '/v1/tables/connected_monthly/rows?format=json&month=2026-10&limit=20&rev=3',
    )
    const newest = { month: undefined, revision: undefined, format: 'csv-excel' }
    expect(rowsAddress(monthly, newest)).toBe('/v1/tables/connected_monthly/rows?format=csv-excel')
  })

  test('a table without months is not asked for one', () => {
    const wanted = { month: '2026-10', revision: undefined, format: 'xlsx' }
    expect(rowsAddress(table('peers', ['municipality_code']), wanted)).toBe(
      '/v1/tables/peers/rows?format=xlsx',
    )
  })
})
