// Calls back once when an element comes near the window.
//
// In: what to do. Out: an attachment for the element. Printing counts as near, since paper has no window.

import type { Attachment } from 'svelte/attachments'

import { beforePaper } from '../charts/paper'

export function whenNear(call: () => void): Attachment {
  return (element) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return
        observer.disconnect()
        call()
      },
      { rootMargin: '600px' },
    )
    observer.observe(element)
    const end = beforePaper(call)
    return () => {
      observer.disconnect()
      end()
    }
  }
}
