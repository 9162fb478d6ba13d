// Who is signed in, where the server has users.
//
// In: `/v1/session`. Out: a `Session`. The cookie is the server's and is never read here. A server without users says so;
// every page is whole without it. Whoever shows the name listens to the event `kayoi-session`, which is sent when
// somebody has signed in or out.

import { Failure, fetchJson } from '../server/ask'
import type { Language } from '../place/address'

export type Session =
  | { state: 'no-users' }
  | { state: 'signed-out'; asksPurpose: boolean }
  | { state: 'signed-in'; name: string; town?: string }

interface Document {
  has_users: boolean
  signed_in: boolean
  name: string | null
  /** Codes of the areas that somebody may see: towns of five digits, prefectures of two, none for all. */
  areas: string[] | null
  /** Whether who signs in says what the figures are for. */
  asks_purpose?: boolean
}

const ADDRESS = '/v1/session'

/** A session of the server's document. Who has one town and nothing else is its officer. */
export function sessionOf(document: Document): Session {
  if (!document.has_users) return { state: 'no-users' }
  if (!document.signed_in) return { state: 'signed-out', asksPurpose: document.asks_purpose === true }
  const session: Session = { state: 'signed-in', name: document.name ?? '' }
  const [town, ...others] = document.areas ?? []
  if (town !== undefined && others.length === 0 && /^[0-9]{5}$/.test(town)) session.town = town
  return session
}

/** Who is signed in now. */
export async function session(language: Language): Promise<Session> {
  try {
    return sessionOf(await fetchJson<Document>(ADDRESS, language))
  } catch (error) {
    if (error instanceof Failure && error.status === 404) return { state: 'no-users' }
    if (error instanceof Failure && error.status === 401) return { state: 'signed-out', asksPurpose: false }
    throw error
  }
}

/** What one says to sign in; the purpose where the server asks for it. */
export interface Credentials {
  name: string
  password: string
  purpose?: string
}

/** Signs in, and says who is signed in then; a `Failure` of 401 says no more than that name and password do not fit. */
export async function signIn(said: Credentials, language: Language): Promise<Session> {
  await send('POST', language, JSON.stringify(said))
  const now = await session(language)
  tell()
  return now
}

/** Signs out. */
export async function signOut(language: Language): Promise<void> {
  await send('DELETE', language)
  tell()
}

/** Lets the header know. */
function tell() {
  dispatchEvent(new Event('kayoi-session'))
}

/** An answer without content is as good as one. */
async function send(method: string, language: Language, body?: string): Promise<void> {
  const headers = { 'content-type': 'application/json', 'accept-language': language }
  let response: Response
  try {
    response = await fetch(ADDRESS, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body }),
    })
    // Nothing of it is used, but Chromium counts a request whose answer nobody reads as running for ever.
    await response.text()
  } catch {
    throw new Failure(0, { error: 'the server cannot be reached', error_ja: 'サーバーに接続できません。' })
  }
  if (!response.ok) throw new Failure(response.status, { error: String(response.status) })
}
