// What the terms are called, in both languages.
//
// In: nothing. Out: `NAMES`, by the name that also stands in the address (`/method/dual-resident`). It is kept apart from
// the explanations, because every page that shows a figure carries it, and they are loaded when somebody asks.

import type { Both } from '../words/speak'

function name(ja: string, en: string): Both<string> {
  return { ja, en }
}

export const NAMES = {
  visitor: name('来訪者', 'Visitors'),
  connected: name('関係人口', 'Connected people'),
  repeat: name('くり返し来る人', 'Repeat visitors'),
  'dual-resident': name('二地域居住者', 'Dual residents'),
  workation: name('ワーケーション', 'Workation guests'),
  telework: name('テレワーク率', 'Telework rate'),
  'car-co2': name('自動車のCO2', 'CO2 of cars'),
  'visit-days': name('訪問日数の区分', 'Classes of visit days'),
  interval: name('95%の区間', '95 % interval'),
  hidden: name('秘匿', 'Not shown'),
  'rolled-up': name('まとめた値', 'Rolled up'),
  provisional: name('速報', 'Provisional'),
  'not-observed': name('観測不足', 'Not observed'),
  'not-computed': name('未集計', 'Not yet computed'),
  weight: name('重み', 'Weight'),
  panel: name('パネル', 'Panel'),
  quality: name('品質 A・B・C', 'Quality A, B, C'),
  noise: name('雑音', 'Noise'),
  revision: name('版', 'Revision'),
  definition: name('定義', 'Definition'),
  'net-gross': name('実人数と延べ人数', 'Distinct people and gross count'),
  residence: name('居住地', 'Residence'),
  origin: name('どこから', 'Where from'),
  stay: name('日帰りと宿泊', 'Day trips and nights'),
  presence: name('滞在人口', 'Presence'),
  flow: name('前後のまち', 'Before and after'),
  cell: name('セルとメッシュ', 'Cells'),
  lift: name('つながりの濃さ', 'Lift'),
  change: name('多い・少ない', 'More or fewer'),
  rank: name('順位', 'Rank'),
  peers: name('似たまち', 'Similar towns'),
  trial: name('試行', 'Trial'),
  boundaries: name('略図の境界', 'Simplified borders'),
} as const satisfies Record<string, Both<string>>

export type TermName = keyof typeof NAMES

export const TERMS = Object.keys(NAMES) as TermName[]

/** Whether an address names a term. */
export function isTerm(word: string): word is TermName {
  return Object.hasOwn(NAMES, word)
}
