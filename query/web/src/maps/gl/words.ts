// The words of map mode.

import type { Both } from '../../words/speak'

interface Words {
  title: string
  cellsOf: (town: string) => string
  ofTowns: (kind: string) => string
  search: string
  /** What to do on the map of all towns. */
  hint: string
  list: string
  without: string
  none: (month: string) => string
  noTowns: (month: string) => string
  coarser: string
  share: string
  copied: string
  failed: string
  newest: string
  unknown: (code: string) => string
  source: string
  simplified: string
  loading: string
  excel: string
  sql: string
  present: string
}

export const words: Both<Words> = {
  ja: {
    title: '地図',
    cellsOf: (town) => `${town}のどこに人がいるか`,
    ofTowns: (kind) => `${kind}の地図(住民100人あたり)`,
    search: 'まちの中を見る',
    hint: 'まちを指すと値が出ます。まちの中の人の分布を見るには、まちをえらびます。',
    list: '場所の一覧。上下の矢印キーでえらぶと地図が動きます。',
    without:
      'このブラウザーでは動く地図(WebGL)を使えないため、図で示しています。値は一覧と表で同じように読めます。',
    none: (month) => `${month}は、この大きさのマスの値がありません。0人という意味ではありません。`,
    noTowns: (month) => `${month}の値はこの版にありません。`,
    coarser: '大きなマスで見る',
    share: 'リンクをコピー',
    copied: 'コピーしました',
    failed: 'アドレス欄からコピーしてください',
    newest: '値のある最新の月',
    unknown: (code) => `コード ${code} の市区町村は、この版にありません。`,
    source: '出典',
    simplified: '境界は簡略化した略図です。',
    loading: '読み込んでいます…',
    excel: 'CSV(Excel用)',
    sql: 'SQLを開く',
    present: '自宅にいる人を除く、月の平均。',
  },
  en: {
    title: 'Map',
    cellsOf: (town) => `Where people are in ${town}`,
    ofTowns: (kind) => `${kind} per 100 residents: map of all towns`,
    search: 'Look inside a town',
    hint: 'Point at a town to read its figures; choose one to see where people are inside it.',
    list: 'Places. Choose with the up and down arrow keys; the map follows.',
    without:
      'This browser cannot draw the moving map (WebGL), so a still one stands here. The list and the table have the same figures.',
    none: (month) => `There are no figures for cells of this size in ${month}. That does not mean zero.`,
    noTowns: (month) => `This release has no figures for ${month}.`,
    coarser: 'Use larger cells',
    share: 'Copy link',
    copied: 'Copied',
    failed: 'Please copy it from the address bar',
    newest: 'The newest month with figures',
    unknown: (code) => `No municipality of this release has the code ${code}.`,
    source: 'Source',
    simplified: 'Borders are simplified.',
    loading: 'Loading …',
    excel: 'CSV for Excel',
    sql: 'Open as SQL',
    present: 'Mean of the month, without people at home.',
  },
}
