// Anchors and titles of the sections, in their order.
//
// They stand apart from what the sections draw, since the list of contents is there before the charts' code.

import type { Words } from '../server/types'

/** The anchor of the list of contents itself. */
export const CONTENTS = 'contents'

export const NAMES: [anchor: string, title: Words][] = [
  ['who', { ja: 'だれが来るか', en: 'Who comes' }],
  ['origins', { ja: 'どこから来るか', en: 'Where they come from' }],
  ['visits', { ja: 'いつ来るか', en: 'When they come' }],
  ['stays', { ja: 'どれだけいるか', en: 'How long they stay' }],
  ['dual', { ja: '二地域居住', en: 'Living in two places' }],
  ['work', { ja: '働くこととCO2', en: 'Work and CO2' }],
  ['flows', { ja: '前後に行くところ', en: 'Before, after and on the way' }],
  ['matching', { ja: '結びつきの強いまち', en: 'Towns with a strong tie' }],
  ['cohort', { ja: '続けて来るか', en: 'Do they keep coming' }],
  ['effect', { ja: '施策の前と後', en: 'Before and after a measure' }],
  ['kpi', { ja: '月ごとの推移と目標', en: 'Month by month, and the target' }],
  ['peers', { ja: 'ほかのまちと比べる', en: 'Beside other towns' }],
  ['map', { ja: '地図', en: 'Map' }],
  ['segments', { ja: '年齢と性別', en: 'Ages and sexes' }],
  ['quality', { ja: '数値の確かさ', en: 'How sure the figures are' }],
  ['data', { ja: 'データを持ち帰る', en: 'Take the data along' }],
]
