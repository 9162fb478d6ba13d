// What every figure needs beside its answer: the words of states, the readings of places.
//
// In: nothing; asked once. Out: `known`, reactive. The closed list of states is the server's, and the page has no words
// of its own for them.

import { here } from '../place/place.svelte'
import { knownPlaces, knownStatuses } from '../server/facts'
import type { Municipality, Prefecture, StatusWords } from '../server/types'
import { NO_READINGS, readingsOf, type Readings } from './readings'

class Known {
  statuses = $state.raw<StatusWords[]>([])
  municipalities = $state.raw<Municipality[]>([])
  prefectures = $state.raw<Prefecture[]>([])
  readings = $state.raw<Readings>(NO_READINGS)

  /** Asks for both lists; what fails is thrown, and asked again the next time. */
  async load(): Promise<void> {
    const statuses = knownStatuses().then((list) => (this.statuses = list))
    const places = knownPlaces().then((all) => {
      if (this.municipalities === all.municipalities) return
      this.municipalities = all.municipalities
      this.prefectures = all.prefectures
      this.readings = readingsOf(all)
    })
    await Promise.all([statuses, places])
  }

  #state(status: string): StatusWords | undefined {
    return this.statuses.find((one) => one.status === status)
  }

  /** The word of a state in the language of the page. */
  word = (status: string): string => this.#state(status)?.word[here.language] ?? status

  /** What a reader should know about it. */
  note = (status: string): string => this.#state(status)?.note[here.language] ?? ''

  /** Whether a value of its own stands in a row of that state. */
  hasValue = (status: string): boolean => this.#state(status)?.has_value ?? true

  town(code: string): Municipality | undefined {
    return this.municipalities.find((one) => one.code === code)
  }

  prefecture(code: string): Prefecture | undefined {
    return this.prefectures.find((one) => one.code === code)
  }
}

export const known = new Known()
