// People for each 100 residents, as they are released beside the people of a town.
//
// In: the country or a prefecture, a kind and a month. Out: figures by town. A map by people alone shows where towns are
// large; nothing is divided here, since only the release knows the interval of a rate.

import { numberOf, query } from '../maps/gl/query'
import type { Figure, Kind } from '../maps/classes'
import type { Language } from '../place/address'

/** Which rates. */
export interface Wanted {
  /** `00` of the country, or a prefecture. */
  area: string
  kind: Kind
  month: string
  revision: number | undefined
}

const SQL = `SELECT municipality_code, per_100_residents, per_100_residents_low, per_100_residents_high, status
FROM ranks_monthly
WHERE kind = $1 AND month_text = $2 AND municipality_code LIKE $3`

const had = new Map<string, Promise<Map<string, Figure>>>()

/** The rates of towns by code, asked once. */
export function ratesOf(wanted: Wanted, language: Language): Promise<Map<string, Figure>> {
  const key = JSON.stringify(wanted)
  let rates = had.get(key)
  if (rates === undefined) {
    rates = asked(wanted, language)
    had.set(key, rates)
    rates.catch(() => had.delete(key))
  }
  return rates
}

async function asked({ area, kind, month, revision }: Wanted, language: Language) {
  const towns = area === '00' ? '%' : `${area}%`
  const rows = await query(SQL, [kind, month, towns], language, { revision })
  return new Map(
    rows.map((row): [string, Figure] => [
      String(row['municipality_code']),
      {
        value: numberOf(row['per_100_residents']),
        low: numberOf(row['per_100_residents_low']),
        high: numberOf(row['per_100_residents_high']),
        status: String(row['status']),
      },
    ]),
  )
}
