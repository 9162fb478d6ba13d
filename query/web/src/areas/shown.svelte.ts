// What a map of areas and the table beside it show now.
//
// In: an answer, and the kind of people of the address. Out: the kind and, of towns, its rates, changed together: the
// table must say at every moment what the map is coloured by. A switch answers first and the map follows in the next
// frame, since that of the country takes long to draw.

import { untrack } from 'svelte'

import type { Figure, Kind, Level } from '../maps/classes'
import { here } from '../place/place.svelte'
import type { Answer } from '../server/types'
import { kindOf } from './areas'
import { ratesOf } from './rates'

/** What is shown. */
export interface Shown {
  kind: Kind
  /** People per 100 residents by town; prefectures have none released, and they may not be to be had. */
  rates: Map<string, Figure> | undefined
}

/** What it is shown of. */
export interface Asked {
  answer: Answer
  area: string
  level: Level
}

/** Follows the address; call it while a component is made. */
export function follow(asked: () => Asked): { readonly now: Shown | undefined } {
  const first = untrack(asked)
  let now = $state.raw<Shown | undefined>(
    first.level === 'prefectures'
      ? { kind: untrack(() => kindOf(here.view.kind)), rates: undefined }
      : undefined,
  )
  $effect(() => {
    const { answer, area, level } = asked()
    const kind = kindOf(here.view.kind)
    let isOver = false
    const show = (rates: Shown['rates']) =>
      requestAnimationFrame(() => setTimeout(() => isOver || (now = { kind, rates })))
    const month = answer.rows[0]?.['month'] ?? answer.parameters['month']
    if (level === 'prefectures' || typeof month !== 'string') show(undefined)
    else
      ratesOf({ area, kind, month, revision: here.view.revision }, here.language).then(show, () =>
        show(undefined),
      )
    return () => (isOver = true)
  })
  return {
    get now() {
      return now
    },
  }
}
