// The console's address.
//
// A named question stands in the query (`?q=origins-top5&t=20214`), own SQL only after `#`, which a browser does not
// send: so it is in no log of a server or of what stands before it.

import { write, type Language, type View } from '../place/address'
import type { Asking } from '../server/types'

/** The address of own SQL. */
export function sqlPlace(sql: string, language: Language, view: View): string {
  const { month, definition, revision, town } = view
  const kept: View = {
    ...(month === undefined ? {} : { month }),
    ...(definition === undefined ? {} : { definition }),
    ...(revision === undefined ? {} : { revision }),
    ...(town === undefined ? {} : { town }),
  }
  return write({ language, page: { name: 'console' }, view: kept, anchor: encodeURIComponent(sql) })
}

/** The address of a named question with the values that it was asked with, as `valuesFor` reads them back. */
export function questionPlace({ name, parameters }: Asking, language: Language, revision?: number): string {
  const { month } = parameters
  // The console takes a prefecture in the place of a town.
  const town = parameters['town'] ?? parameters['prefecture']
  const kind = parameters['kind'] ?? parameters['grid']
  const others = parameters['others'] ?? parameters['other']
  const view: View = {
    ...(month === undefined ? {} : { month }),
    ...(revision === undefined ? {} : { revision }),
    ...(town === undefined ? {} : { town }),
    ...(kind === undefined ? {} : { kind }),
    ...(others === undefined ? {} : { versus: others.split(',') }),
    question: name,
  }
  return write({ language, page: { name: 'console' }, view })
}

/** The line of SQL in which an error is, and where in it, from a place in characters from 1. */
export function lineAt(
  sql: string,
  position: number,
): { line: string; number: number; from: number; to: number } {
  // The server counts characters, where JavaScript counts halves of some.
  const before = [...sql].slice(0, position - 1).join('')
  const start = before.lastIndexOf('\n') + 1
  const stop = sql.indexOf('\n', start)
  const line = sql.slice(start, stop < 0 ? undefined : stop)
  const from = before.length - start
  const word = /^[\p{L}\p{N}_.]+|^\S/u.exec(line.slice(from))?.[0] ?? ''
  return { line, number: before.split('\n').length, from, to: from + Math.max(1, word.length) }
}
