// Who is signed in, of what the server says.

import { describe, expect, test } from 'vitest'

import { sessionOf } from '../../src/session/session'

const OFFICER = { has_users: true, signed_in: true, name: 'officer' }

describe('a session', () => {
  test('of a server without users asks nobody for a name', () => {
    expect(sessionOf({ has_users: false, signed_in: false, name: null, areas: null })).toEqual({
      state: 'no-users',
    })
  })

  test('that has not begun has no name', () => {
    expect(sessionOf({ has_users: true, signed_in: false, name: null, areas: null })).toEqual({
      state: 'signed-out',
      asksPurpose: false,
    })
  })

  test('of one town leads there', () => {
    expect(sessionOf({ ...OFFICER, areas: ['20214'] })).toEqual({
      state: 'signed-in',
      name: 'officer',
      town: '20214',
    })
  })

  test.each([[[]], [['20']], [['20214', '20321']], [null]])('of %j leads to no town', (areas) => {
    expect(sessionOf({ ...OFFICER, areas })).toEqual({ state: 'signed-in', name: 'officer' })
  })
})
