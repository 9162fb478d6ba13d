// What the server answers, as types.

/** Words that the server has in both languages. */
export interface Words {
  ja: string
  en: string
}

export type Cell = string | number | boolean | null
/** A row of an answer, by the names of its columns. A hidden figure is `null`; `status` says what stands instead. */
export type Row = Record<string, Cell>

/** The answer to a named question: `GET /v1/questions/{name}`. */
export interface Answer {
  name: string
  title: Words
  /** The answer in words, made by the server; the page never composes one. A very long answer has none. */
  sentence?: Words
  does_not_say: Words
  parameters: Record<string, string>
  sql: string
  revision?: number
  definition?: string
  definition_hash?: string
  series?: string
  columns: { name: string; type: string }[]
  rows: Row[]
}

/** One place of a batch that could not be answered. */
export interface Refusal {
  name: string
  status: number
  error: string
  error_ja?: string
  hint?: string
}

/** A question and its values. */
export interface Asking {
  name: string
  parameters: Record<string, string>
}

/** A value of a closed list, and what it is called. */
export interface Allowed extends Words {
  value: string
}

/** What a question must be told. */
export interface Parameter {
  name: string
  /** `municipality`, `municipalities` (codes with commas between), `prefecture`, `kind`, `grid`. */
  type: string
  meaning: Words
  example: string
  /** All values, where they are words of a list. */
  allowed?: Allowed[]
}

/** A question as the list of questions describes it. */
export interface QuestionDescription {
  name: string
  title: Words
  parameters: Parameter[]
  does_not_say: Words
  /** Other words for which people look. */
  found_by?: string
  sql?: string
  chart?: 'bar' | 'line' | 'map' | 'table'
}

/** A state of a figure and its words, from the closed list of the release: `GET /v1/statuses`. */
export interface StatusWords {
  status: string
  has_value: boolean
  word: Words
  note: Words
}

/** A municipality: `GET /v1/municipalities`. */
export interface Municipality {
  code: string
  name: string
  kana: string
  romaji: string
  prefecture_code: string
  latitude: number
  longitude: number
  population_2020: number
  area_km2: number
}

/** A prefecture: `GET /v1/municipalities`. */
export interface Prefecture {
  code: string
  name: string
  romaji: string
}

/** A release: `GET /v1/release`. */
export interface Release {
  revision: number
  definition: string
  definition_hash: string
  /** `real` or `trial`. */
  series: string
  /** Months with figures, oldest first, `2026-10`. */
  months: string[]
  /** The newest month with a final figure. */
  newest_month: string
  /** Months whose figures are not final, with the state that stands beside them. */
  unfinished_months: { month: string; status: string }[]
  /** Whether the borders in use are the simplified ones. */
  boundaries_are_simplified: boolean
  credit: string
  notice: Words
  boundaries: string
}
