// The kind of people that a map of areas and the table beside it show now.
//
// In: the kind of the address. Out: the same, for both at once: the table must say at every moment what the map is
// coloured by. A switch answers first and both follow in the next frame, since the map of the country takes long to draw.

import { untrack } from 'svelte'

import type { Kind } from '../maps/classes'
import { here } from '../place/place.svelte'
import { kindOf } from './areas'

/** The next frame, in which a switch already stands as it was pressed. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
}

/** Follows the address; call it while a component is made. */
export function follow(): { readonly kind: Kind } {
  let shown = $state(untrack(() => kindOf(here.view.kind)))
  const chosen = $derived(kindOf(here.view.kind))
  $effect(() => {
    const kind = chosen
    let isOver = false
    void nextFrame().then(() => isOver || (shown = kind))
    return () => (isOver = true)
  })
  return {
    get kind() {
      return shown
    },
  }
}
