// All towns of the country with the kind of people of the address.
//
// In: the answer that came with the page. Out: the same until another kind is chosen, then the answer to that one, of the
// same release. All kinds at once would be a megabyte. What is shown stays until what replaces it is there.

import { untrack } from 'svelte'

import type { Kind } from '../maps/classes'
import { here } from '../place/place.svelte'
import { askOne } from '../server/ask'
import type { Answer, Asking } from '../server/types'
import { kindOf } from './areas'
import { nextFrame } from './shown.svelte'

/** The question of all towns. */
export const TOWNS = 'towns-by-kind'

/** All towns by one kind of people. */
export function townsAsking(kind: Kind, when: { month?: string }): Asking {
  return { name: TOWNS, parameters: { kind, ...when } }
}

export interface Towns {
  readonly answer: Answer
  /** The kind that `answer` is of, which is the chosen one as soon as that was answered. */
  readonly kind: Kind
  readonly isWaiting: boolean
  readonly failure: unknown
  again: () => void
}

/** Follows the address; call it while a component is made. */
export function followTowns(first: Answer): Towns {
  let answer = $state.raw(first)
  let failure = $state.raw<unknown>()
  let attempt = $state(0)
  const kind = $derived(kindOf(answer.parameters['kind']))
  const chosen = $derived(kindOf(here.view.kind))
  const had: Partial<Record<Kind, Answer>> = { [untrack(() => kind)]: first }

  $effect(() => {
    void attempt
    const wanted = chosen
    const abort = new AbortController()
    const { signal } = abort
    const ask = () => {
      const { name, parameters, revision } = first
      return askOne({ name, parameters: { ...parameters, kind: wanted } }, here.language, {
        revision,
        signal,
      })
    }
    failure = undefined
    // The switch answers before the map is drawn, also where the answer is there already.
    Promise.all([had[wanted] ?? untrack(ask), nextFrame()]).then(
      ([one]) => {
        had[wanted] = one
        if (!signal.aborted) answer = one
      },
      (error: unknown) => {
        if (!signal.aborted) failure = error
      },
    )
    return () => abort.abort()
  })

  return {
    get answer() {
      return answer
    },
    get kind() {
      return kind
    },
    get isWaiting() {
      return kind !== chosen && failure === undefined
    },
    get failure() {
      return failure
    },
    again: () => (attempt += 1),
  }
}
