// What the server says of its tables and questions, asked once.

import { fetchJson } from '../server/ask'
import type { QuestionDescription } from '../server/types'
import type { TableDescription } from './tables'

let tables: Promise<TableDescription[]> | undefined
let questions: Promise<QuestionDescription[]> | undefined

/** All tables of the release that the asker may read. */
export function knownTables(): Promise<TableDescription[]> {
  tables ??= fetchJson<{ tables: TableDescription[] }>('/v1/tables', 'ja').then(
    (document) => document.tables,
    (error: unknown) => {
      tables = undefined
      throw error
    },
  )
  return tables
}

/** All named questions. */
export function knownQuestions(): Promise<QuestionDescription[]> {
  questions ??= fetchJson<{ questions: QuestionDescription[] }>('/v1/questions', 'ja').then(
    (document) => document.questions,
    (error: unknown) => {
      questions = undefined
      throw error
    },
  )
  return questions
}
