// Headings of columns, as a table on the page has them.
//
// In: the name of a column. Out: its heading. The server's own explanations are whole sentences (`/v1/tables`); a heading
// must fit over a number. A column that nobody has named here keeps its own name, which is what a download has too.

import type { Language } from '../place/address'
import type { Words } from '../server/types'

const FIGURES: Record<string, [string, string]> = {
  persons: ['人数', 'People'],
  person_nights: ['延べ泊数', 'Person-nights'],
  person_days: ['延べ人日', 'Person-days'],
  person_municipalities: ['延べ人数', 'Person × municipality'],
  persons_per_day: ['1日平均', 'People a day'],
  share_percent: ['割合(%)', 'Share (%)'],
  percent: ['割合(%)', 'Share (%)'],
  season: ['季節の指数', 'Index of the season'],
  per_100_residents: ['住民100人当たり', 'For each 100 residents'],
  nights_each: ['1人当たりの泊数', 'Nights each'],
  commuters: ['通勤・通学者', 'Commuters'],
  telework_rate_percent: ['テレワーク率(%)', 'Telework rate (%)'],
  telework_days: ['テレワークの日数', 'Days of telework'],
  day_share_percent: ['働いた日に占める割合(%)', 'Part of working days (%)'],
  km_gross: ['減った通勤(km)', 'Commuting saved (km)'],
  kg_co2_car: ['自動車のCO2(kg)', 'CO2 of cars (kg)'],
  km_net: ['減った通勤、外出を除く(km)', 'Commuting saved, net (km)'],
  kg_co2_car_net: ['自動車のCO2、外出を除く(kg)', 'CO2 of cars, net (kg)'],
  rebound_percent: ['リバウンド(%)', 'Rebound (%)'],
  percent_of_usual: ['ふだんとの比(%)', 'Of the usual day (%)'],
  rank: ['順位', 'Rank'],
  rank_in_country: ['全国の順位', 'Rank in the country'],
  rolled_up_value: ['まとめた値', 'Rolled up'],
  rolled_up_persons: ['まとめた値', 'Rolled up'],
  target_persons: ['目標の人数', 'Target'],
  rank_in_prefecture: ['県内の順位', 'Rank in the prefecture'],
  change_percent: ['前年からの増減(%)', 'Change on the year (%)'],
  of_prefecture_percent: ['県の来訪者に占める割合(%)', 'Part of the prefecture (%)'],
  lift: ['見込みとの比(倍)', 'Times what is expected'],
  value: ['値', 'Figure'],
  visitor: ['来訪者', 'Visitors'],
  connected: ['関係人口', 'Connected people'],
  dual_resident: ['二地域居住者', 'Dual residents'],
  rolled_up: ['まとめた値', 'Rolled up'],
}

const OTHERS: Record<string, [string, string]> = {
  month: ['月', 'Month'],
  month_text: ['月', 'Month'],
  peak_month: ['最も多い月', 'Peak month'],
  period: ['期間', 'Period'],
  quarter: ['四半期', 'Quarter'],
  year: ['年', 'Year'],
  first_month: ['最初の月', 'First month'],
  last_month: ['最後の月', 'Last month'],
  days: ['日数', 'Days'],
  date: ['日付', 'Date'],
  day_type: ['平日・休日', 'Weekday or holiday'],
  time_band: ['時間帯', 'Time of day'],
  hour: ['時刻', 'Hour'],
  extreme: ['最多・最少', 'Most or fewest'],
  is_within_error: ['差は誤差の範囲', 'Within the error'],
  against_10: ['10時台と比べて', 'Against 10:30'],
  exceeds: ['見込みと比べて', 'Against what is expected'],
  against_others: ['ほかの月と比べて', 'Against other months'],
  is_alike: ['似たまち', 'A town like it'],
  kind: ['つながりの種類', 'Kind of tie'],
  what: ['区分', 'Class'],
  class: ['区分', 'Class'],
  measure: ['分け方', 'Split by'],
  item: ['見るもの', 'Figure of'],
  unit: ['単位', 'Unit'],
  regime: ['周期', 'Rhythm'],
  origin_level: ['居住地の区分', 'Level of origin'],
  origin: ['居住地', 'Origin'],
  origin_code: ['居住地コード', 'Code of origin'],
  origin_romaji: ['居住地(ローマ字)', 'Origin (romaji)'],
  distance: ['距離', 'Distance'],
  municipalities: ['市区町村の数', 'Municipalities'],
  side: ['住む・働く', 'Lives or works there'],
  comes: ['初めて・再び', 'First time or again'],
  direction: ['前後', 'Before or after'],
  other: ['相手の市区町村', 'Other municipality'],
  other_code: ['相手のコード', 'Code of the other'],
  other_prefecture: ['相手の都道府県', 'Its prefecture'],
  is_here: ['このまち', 'This town'],
  municipality: ['市区町村', 'Municipality'],
  municipality_romaji: ['市区町村(ローマ字)', 'Municipality (romaji)'],
  municipality_code: ['市区町村コード', 'Code'],
  prefecture: ['都道府県', 'Prefecture'],
  prefecture_code: ['都道府県コード', 'Code of prefecture'],
  area: ['地域', 'Area'],
  area_code: ['地域コード', 'Code of area'],
  area_romaji: ['地域(ローマ字)', 'Area (romaji)'],
  age_band: ['年齢', 'Age'],
  sex: ['性別', 'Sex'],
  known_percent: ['年齢・性別の分かる割合(%)', 'Age or sex known (%)'],
  status: ['状態', 'Status'],
  quality: ['確かさ', 'Quality'],
  fewer_than: ['これより少ない', 'Fewer than'],
  at_most: ['多くても', 'At most'],
  ask_instead: ['代わりに聞く表', 'Ask instead'],
  rolled_up_to: ['まとめた区分', 'Rolled up to'],
  usual: ['ふだんの人数', 'Usual day'],
  expected_persons: ['見込みの人数', 'Expected'],
  ranked_in_prefecture: ['県内で順位のある数', 'Ranked in the prefecture'],
  ranked: ['順位のある数', 'Ranked'],
  ranked_in_country: ['全国で順位のある数', 'Ranked in the country'],
  target_number: ['番号', 'Number'],
  level: ['目標の段', 'Level'],
  target_name: ['目標の名', 'Name of the target'],
  fiscal_year: ['年度', 'Fiscal year'],
  baseline_fiscal_year: ['比べる年度', 'Fiscal year compared with'],
  verdict: ['判定', 'Verdict'],
  definition: ['定義', 'Definition'],
  definition_hash: ['定義のハッシュ', 'Hash of the definition'],
  series: ['本番・試行', 'Real or trial'],
  boundaries: ['境界の版', 'Edition of the borders'],
  code_date: ['コードの時点', 'Date of the codes'],
  revision: ['公表の番号', 'Revision'],
  next_release: ['次の更新', 'Next release'],
  window_months: ['さかのぼった月数', 'Months looked back on'],
  peer_rank: ['似ている順', 'Likeness'],
  place: ['並び順', 'Place in the list'],
  grid: ['マスの種類', 'Grid'],
  cell: ['マス', 'Cell'],
  most_persons: ['全期間の最多人数', 'Most of all months'],
  towns_shown: ['値のある市区町村', 'Towns with a figure'],
  change: ['前年同月と比べて', 'Against a year before'],
  car_share_percent: ['自動車の割合(%)', 'Part of cars (%)'],
  car_share_of: ['自動車の割合の出典', 'Source of the part of cars'],
  factor: ['CO2の係数', 'Factor of CO2'],
  panel: ['パネル', 'Panel'],
  population: ['人口', 'Population'],
  population_base: ['人口の出典', 'Source of the population'],
  panel_devices: ['端末の数', 'Phones'],
  coverage_percent: ['人口に対する割合(%)', 'Coverage (%)'],
  pooling: ['重みを作った端末', 'Phones of the weight'],
  persons_per_device: ['1台が表す人数', 'People for each phone'],
  weight_error_percent: ['重みの誤差(%)', 'Error of the weight (%)'],
  effective_devices: ['有効な端末の数', 'Effective phones'],
  calibrated_in: ['重みの基の月', 'Month of the weights'],
  days_missing: ['データのない日', 'Days missing'],
  missing_days: ['その日付', 'Which days'],
  mesh: ['メッシュ', 'Mesh'],
  period_kind: ['期間の種類', 'Kind of period'],
  lives_in: ['住む所', 'Lives in'],
  connected_to: ['関係する所', 'Connected to'],
  municipalities_class: ['関係する市区町村の数', 'Municipalities tied to'],
  figures_shown: ['値のある組', 'Pairs with a figure'],
  figures_not_shown: ['値のない組', 'Pairs without a figure'],
  months_shown: ['値のある月', 'Months with a figure'],
  months_as_high_perhaps: ['同じくらい多いかもしれない月', 'Months that may be as high'],
}

/** The ends of an interval that are not called `<figure>_low` and `<figure>_high`. */
const ENDS: Record<string, string> = {
  share: 'share_percent',
  per_100: 'per_100_residents',
  of_prefecture: 'of_prefecture_percent',
}

/** The heading of a column. */
export function columnWords(name: string): Words {
  const known = OTHERS[name] ?? FIGURES[name]
  if (known !== undefined) return { ja: known[0], en: known[1] }
  const end = /^(.*)_(low|high)(_percent)?$/.exec(name)
  if (end !== null) {
    const stem = end[1] ?? ''
    const figure = FIGURES[stem + (end[3] ?? '')] ?? FIGURES[ENDS[stem] ?? stem]
    const which = end[2] === 'low' ? { ja: '下限', en: 'low end' } : { ja: '上限', en: 'high end' }
    if (figure !== undefined) return { ja: `${figure[0]}・${which.ja}`, en: `${figure[1]}, ${which.en}` }
    return which
  }
  const status = /^(.*)_status$/.exec(name)
  const figure = status === null ? undefined : FIGURES[status[1] ?? '']
  if (figure !== undefined) return { ja: `${figure[0]}の状態`, en: `${figure[1]}, status` }
  return { ja: name, en: name }
}

/** The heading of a column in one language. */
export function columnName(name: string, language: Language): string {
  return columnWords(name)[language]
}

/** Columns whose numbers are years, codes or places in a list and so have no commas. */
export function isPlain(name: string): boolean {
  return /(_code|(^|_)year)$/.test(name) || ['hour', 'peer_rank', 'place', 'target_number'].includes(name)
}

/** Whether a column has figures, and not codes, classes or ends of intervals: an empty cell of it has a state. */
export function isFigure(name: string): boolean {
  return name in FIGURES
}
