// The names of the kinds of people that areas are shown by, and of their rates.

import type { Kind } from '../maps/classes'
import type { Both } from '../words/speak'

export const kindWords: Both<Record<Kind, string>> = {
  ja: { connected: '関係人口', visitor: '来訪者', dual_resident: '二地域居住者' },
  en: { connected: 'Connected people', visitor: 'Visitors', dual_resident: 'Dual residents' },
}

export const rateWords: Both<{ of: (kind: string) => string }> = {
  ja: { of: (kind) => `${kind}(住民100人あたり)` },
  en: { of: (kind) => `${kind} per 100 residents` },
}
