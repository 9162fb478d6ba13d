// What is asked once and kept: the release, the closed list of states, the municipalities.

import { fetchJson } from './ask'
import type { Municipality, Prefecture, Release, StatusWords } from './types'

interface Places {
  municipalities: Municipality[]
  prefectures: Prefecture[]
}

let places: Promise<Places> | undefined
let statuses: Promise<StatusWords[]> | undefined
const releases = new Map<number | undefined, Promise<Release>>()

/** All municipalities with names and readings, and the prefectures. */
export function knownPlaces(): Promise<Places> {
  places ??= fetchJson<Places>('/v1/municipalities', 'ja').catch((error: unknown) => {
    places = undefined
    throw error
  })
  return places
}

/** The states of figures and their words. */
export function knownStatuses(): Promise<StatusWords[]> {
  statuses ??= fetchJson<{ statuses: StatusWords[] }>('/v1/statuses', 'ja').then(
    (document) => document.statuses,
    (error: unknown) => {
      statuses = undefined
      throw error
    },
  )
  return statuses
}

/** The release of a revision, the newest by default. */
export function release(revision?: number): Promise<Release> {
  let known = releases.get(revision)
  if (known === undefined) {
    const address = revision === undefined ? '/v1/release' : `/v1/release?rev=${revision}`
    known = fetchJson<Release>(address, 'ja').catch((error: unknown) => {
      releases.delete(revision)
      throw error
    })
    releases.set(revision, known)
  }
  return known
}
