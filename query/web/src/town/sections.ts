// The sections of a town's page, in their order, and the questions that each is made of.
//
// In: nothing. Out: `SECTIONS`. A section without a question is not released yet; it keeps its place and says so, so that
// the pages of all towns look alike. All questions are asked in one request.

import type { Spec } from '../figures/spec'
import type { Words } from '../server/types'
import { NAMES } from './names'

export interface Section {
  anchor: string
  title: Words
  specs: Spec[]
}

const PERSONS: Spec['figure'] = ['persons', 'persons_low', 'persons_high']
const SHARE: Spec['figure'] = ['share_percent', 'share_low_percent', 'share_high_percent']

const WHO: Spec[] = [
  {
    question: 'repeat-rate',
    kind: 'bar',
    category: 'kind',
    figure: ['percent', 'percent_low', 'percent_high'],
    unit: 'percent',
    order: ['repeat', 'connected', 'days_1', 'days_2', 'days_3_7', 'days_8_23', 'days_24_plus'],
  },
  {
    question: 'visit-day-bins',
    kind: 'bar',
    category: 'what',
    figure: PERSONS,
    unit: 'people',
    order: ['days 1', 'days 2-7', 'days 8+', 'connected', 'dual_resident', 'workation'],
  },
]

const ORIGINS: Spec[] = [
  { question: 'origins-top5', kind: 'bar', category: 'origin', figure: PERSONS, unit: 'people' },
  {
    question: 'stay-origins',
    kind: 'bar',
    category: 'origin_level',
    facet: 'day_type',
    figure: PERSONS,
    unit: 'people',
    order: ['all', 'resident', 'inside', 'outside', 'same_block', 'other_block'],
  },
  {
    question: 'origins-by-day-type',
    kind: 'bar',
    category: 'origin',
    facet: 'day_type',
    only: { origin_level: ['prefecture'] },
    figure: PERSONS,
    unit: 'people',
    limit: 10,
  },
  { question: 'distance-bands', kind: 'bar', category: 'distance', figure: PERSONS, unit: 'people' },
]

const VISITS: Spec[] = [
  {
    question: 'season-index',
    kind: 'line',
    category: 'month',
    figure: ['season', 'season_low', 'season_high'],
    unit: 'index',
  },
  {
    question: 'peak-hours',
    kind: 'line',
    category: 'hour',
    facet: 'day_type',
    series: 'origin_level',
    figure: PERSONS,
    unit: 'people',
  },
  {
    question: 'lunch-hours',
    kind: 'line',
    category: 'hour',
    facet: 'day_type',
    series: 'origin_level',
    figure: PERSONS,
    unit: 'people',
  },
  {
    question: 'stay-rate',
    kind: 'line',
    category: 'month',
    facet: 'day_type',
    series: 'municipality',
    only: { hour: ['14'] },
    figure: ['per_100_residents', 'per_100_low', 'per_100_high'],
    unit: 'per_100',
  },
  { question: 'busiest-days', kind: 'bar', category: 'date', figure: PERSONS, unit: 'people' },
]

const STAYS: Spec[] = [
  {
    question: 'stay-patterns',
    kind: 'bar',
    category: 'class',
    facet: 'origin_level',
    only: { class: ['!all'] },
    figure: SHARE,
    unit: 'percent',
    order: ['day_trip', 'overnight_here', 'overnight_elsewhere', 'both'],
  },
  {
    question: 'stay-lengths',
    kind: 'bar',
    category: 'class',
    facet: 'measure',
    only: { class: ['!all'] },
    figure: SHARE,
    unit: 'percent',
    order: ['1', '2', '3', 'under_2', '2_4', '4_6', '6_plus', '7_plus', '2_or_more'],
  },
  {
    question: 'trip-sizes',
    kind: 'bar',
    category: 'class',
    only: { measure: ['municipalities'], class: ['!all'] },
    figure: SHARE,
    unit: 'percent',
  },
]

const DUAL: Spec[] = [
  {
    question: 'dual-rhythms',
    kind: 'bar',
    category: 'regime',
    // The figure of the month, which the sentence states, would be a second bar of everybody.
    only: { origin_level: ['all'], period_kind: ['!month'] },
    figure: PERSONS,
    unit: 'people',
    order: ['all', 'weekly', 'weekend', 'alternate', 'monthly', 'seasonal', 'blocks'],
  },
  {
    question: 'dual-nights',
    kind: 'line',
    category: 'month',
    figure: ['nights_each', 'nights_each_low', 'nights_each_high'],
    unit: 'nights',
  },
]

const WORK: Spec[] = [
  {
    question: 'workation-guests',
    kind: 'line',
    category: 'month',
    series: 'comes',
    figure: PERSONS,
    unit: 'people',
  },
  {
    question: 'telework',
    kind: 'line',
    category: 'month',
    series: 'side',
    figure: ['telework_rate_percent', 'telework_rate_percent_low', 'telework_rate_percent_high'],
    unit: 'percent',
  },
  {
    question: 'commute-co2',
    kind: 'line',
    category: 'month',
    series: 'side',
    figure: ['kg_co2_car', 'kg_co2_car_low', 'kg_co2_car_high'],
    unit: 'kg',
  },
]

/** Shares of the other municipalities of a flow. */
function flow(question: string, more: Partial<Spec>): Spec {
  return {
    question,
    kind: 'bar',
    category: 'other',
    only: { other: ['!all'] },
    figure: SHARE,
    unit: 'percent',
    limit: 10,
    ...more,
  }
}

const LIFT: Spec = {
  question: 'origin-towns',
  kind: 'bar',
  category: 'other',
  only: { side: ['residence'], kind: ['visitor'], lift_low: ['!'] },
  figure: ['lift'],
  least: 'lift_low',
  unit: 'times',
  ordered: {
    ja: '区分ごとに、見込みとの比の区間の下限が大きい順に並べています。',
    en: 'Within each class, the greatest low end of the interval of the ratio stands first.',
  },
  limit: 10,
}

const ALIKE: Spec = {
  question: 'peers',
  kind: 'bar',
  category: 'municipality',
  figure: ['connected', 'connected_low', 'connected_high'],
  status: 'connected_status',
  unit: 'people',
}

/** Where the reader chose the towns beside: the same of those. */
const COMPARED: Spec = { ...ALIKE, question: 'towns-compared' }

const RANKS: Spec = {
  question: 'rank-and-change',
  kind: 'bar',
  category: 'municipality',
  figure: PERSONS,
  unit: 'people',
}

const PEERS: Spec[] = [
  RANKS,
  ALIKE,
  {
    question: 'strip',
    kind: 'strip',
    category: 'municipality',
    figure: ['per_100_residents', 'per_100_residents_low', 'per_100_residents_high'],
    unit: 'per_100',
  },
]

const TREND: Spec = {
  question: 'town-trend',
  kind: 'line',
  category: 'month',
  facet: 'item',
  ownScales: true,
  figure: ['value', 'value_low', 'value_high'],
  unit: 'people',
}

/** Bars of what was reached, and a line at what is aimed at. */
export const TARGETS: Spec = {
  question: 'targets',
  kind: 'bar',
  category: 'target_name',
  beside: 'fiscal_year',
  facet: 'kind',
  ownScales: true,
  figure: PERSONS,
  target: 'target_persons',
  verdict: 'verdict',
  unit: 'people',
}

const SEGMENTS: Spec = {
  question: 'ages-and-sexes',
  kind: 'bar',
  category: 'age_band',
  facet: 'kind',
  only: { age_band: ['!all'] },
  figure: SHARE,
  unit: 'percent',
}

export const QUALITY: Spec = {
  question: 'how-sure',
  kind: 'line',
  category: 'month',
  series: 'panel',
  figure: ['panel_devices'],
  unit: 'phones',
}

/** Which answers a section has; one that is not named here has none yet. */
const SPECS: Record<string, Spec[]> = {
  who: WHO,
  origins: ORIGINS,
  visits: VISITS,
  stays: STAYS,
  dual: DUAL,
  work: WORK,
  flows: [
    flow('before-after', { facet: 'direction', newest: true }),
    flow('lodging-places', {}),
    flow('entry-towns', {}),
  ],
  matching: [LIFT],
  kpi: [TREND, TARGETS],
  peers: PEERS,
  segments: [SEGMENTS],
  quality: [QUALITY],
}

export const SECTIONS: Section[] = NAMES.map(([anchor, title]) => ({
  anchor,
  title,
  specs: SPECS[anchor] ?? [],
}))

/** What stands in the place of a chart beside chosen towns. Ranks name the towns most like it by themselves, of which then the
 * town itself is left; those of the chosen ones stand in their own answer. */
const BESIDE_CHOSEN = new Map<Spec, Spec>([
  [ALIKE, COMPARED],
  [RANKS, { ...RANKS, only: { peer_rank: ['0'] } }],
])

/** What a section draws: of the towns most like it, or of those that the reader chose. */
export function specsOf({ specs }: Section, isCompared: boolean): Spec[] {
  return isCompared ? specs.map((spec) => BESIDE_CHOSEN.get(spec) ?? spec) : specs
}

/** The question of the towns beside. */
export function questionBeside(isCompared: boolean): string {
  return (isCompared ? COMPARED : ALIKE).question
}

/** Questions that have an answer of their own request: first the cards, or after the peers are known. */
const APART = new Set(['town-summary', 'town-trend', 'stay-rate'])

/** The questions of all sections that are asked together. */
export function questionsTogether(isCompared = false): string[] {
  // All of both ways but the towns beside, so that another choice of those asks for nothing else.
  const all = SECTIONS.flatMap(({ specs }) => specs.map((spec) => spec.question))
  const asked = all.map((question) => (question === ALIKE.question ? questionBeside(isCompared) : question))
  return [...new Set(asked)].filter((question) => !APART.has(question))
}
