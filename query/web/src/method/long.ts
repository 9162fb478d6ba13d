// What a term's page says beyond its two lines.
//
// In: nothing. Out: for each term, by language, how it is worked out, why this way, and what to mind; and for both
// languages, where its figures are. A term that one language lacks is an error of types.

import type { Language } from '../place/address'
import { ENGLISH } from './long.en'
import { JAPANESE } from './long.ja'
import type { TermName } from './names'
import type { LongWords } from './told'

export const LONG: Record<Language, LongWords> = { ja: JAPANESE, en: ENGLISH }

interface Links {
  /** Tables of the release, and beside it, that have such figures. */
  tables: string[]
  see: TermName[]
  /** The word of the release's closed list of states, which has its words on the server. */
  status?: string
}

export const LINKS: Record<TermName, Links> = {
  visitor: {
    tables: ['connected_monthly', 'visitors_daily', 'visitors_monthly'],
    see: ['residence', 'visit-days', 'panel'],
  },
  connected: {
    tables: ['connected_monthly', 'connected_totals_monthly'],
    see: ['repeat', 'net-gross', 'definition'],
  },
  repeat: { tables: ['connected_monthly'], see: ['visitor', 'connected', 'visit-days'] },
  'dual-resident': { tables: ['connected_monthly', 'dual_regimes_yearly'], see: ['residence', 'connected'] },
  workation: { tables: ['connected_monthly', 'workation_stays_monthly'], see: ['telework', 'stay'] },
  telework: { tables: ['work_monthly'], see: ['car-co2', 'workation'] },
  'car-co2': { tables: ['gx_monthly', 'rebound_yearly'], see: ['telework'] },
  'visit-days': { tables: ['connected_monthly'], see: ['visitor', 'repeat'] },
  interval: { tables: ['class_errors', 'panel_monthly'], see: ['quality', 'noise', 'weight', 'change'] },
  hidden: { tables: ['connected_monthly'], see: ['rolled-up', 'noise', 'not-observed'], status: 'hidden' },
  'rolled-up': {
    tables: ['connected_rest_monthly', 'connected_by_period'],
    see: ['hidden'],
    status: 'rolled_up',
  },
  provisional: { tables: ['release_changes'], see: ['revision', 'not-computed'], status: 'provisional' },
  'not-observed': {
    tables: ['panel_monthly', 'panel_coverage'],
    see: ['panel', 'hidden'],
    status: 'not_observed',
  },
  'not-computed': { tables: [], see: ['provisional'], status: 'not_computed' },
  weight: { tables: ['release_weights', 'panel_monthly'], see: ['panel', 'interval'] },
  panel: { tables: ['panel_monthly', 'panel_coverage'], see: ['residence', 'weight', 'not-observed'] },
  quality: { tables: ['connected_monthly', 'panel_monthly'], see: ['interval'] },
  noise: { tables: [], see: ['hidden', 'interval'] },
  revision: { tables: ['release_changes'], see: ['provisional', 'definition', 'trial'] },
  definition: { tables: ['connected_monthly'], see: ['connected', 'revision'] },
  'net-gross': { tables: ['connected_totals_monthly'], see: ['connected'] },
  residence: { tables: ['panel_coverage'], see: ['dual-resident', 'origin', 'panel'] },
  origin: {
    tables: ['connected_monthly', 'visitors_monthly', 'matching_yearly'],
    see: ['residence', 'rolled-up'],
  },
  stay: { tables: ['stays_monthly'], see: ['visitor', 'flow'] },
  presence: { tables: ['presence_hourly'], see: ['cell', 'visitor'] },
  flow: { tables: ['flows_monthly', 'trips_monthly'], see: ['stay', 'origin'] },
  cell: { tables: ['cells_monthly'], see: ['presence', 'hidden'] },
  lift: { tables: ['matching_yearly'], see: ['origin', 'rank'] },
  change: { tables: ['connected_change'], see: ['interval', 'hidden'] },
  rank: { tables: ['ranks_monthly'], see: ['interval', 'peers'] },
  peers: { tables: ['peers'], see: ['rank'] },
  trial: { tables: ['release_changes'], see: ['revision', 'boundaries'] },
  boundaries: { tables: [], see: ['trial', 'cell'] },
}
