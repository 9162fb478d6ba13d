// Words for the closed values that stand in the columns of answers.
//
// In: a column and a value. Out: how people say it. The same value means something else in another column (`all` is
// everybody, or the whole day), so that words stand by column. What is no closed value, as the name of a place, is
// not known here.

import type { Words } from '../server/types'

type Table = Record<string, [string, string]>

const EVERYBODY: [string, string] = ['全体', 'Everybody']

const KIND: Table = {
  all: EVERYBODY,
  visitor: ['来訪者', 'Visitors'],
  repeat: ['くり返し来る人', 'Repeat visitors'],
  connected: ['関係人口', 'Connected people'],
  dual_resident: ['二地域居住者', 'Dual residents'],
  workation: ['ワーケーション', 'Workation guests'],
  telework: ['住民のテレワーク率', 'Residents who telework'],
  satellite_office: ['サテライトオフィス', 'Satellite office users'],
  itinerant: ['移り歩いて暮らす人', 'People on the road'],
  business: ['仕事で来る人', 'Business visitors'],
  seasonal_worker: ['季節の働き手', 'Seasonal workers'],
  days_1: ['年に1日', '1 day a year'],
  days_2: ['年に2日', '2 days a year'],
  days_3_7: ['年に3〜7日', '3 to 7 days a year'],
  days_8_23: ['年に8〜23日', '8 to 23 days a year'],
  days_24_plus: ['年に24日以上', '24 days or more'],
  'days 1': ['年に1日', '1 day a year'],
  'days 2-7': ['年に2〜7日', '2 to 7 days a year'],
  'days 8+': ['年に8日以上', '8 days or more'],
}

const METRO: Table = {
  metropolitan: ['三大都市圏', 'Metropolitan areas'],
  local: ['地方', 'The rest'],
}

const CHANGE: Table = {
  up: ['多い', 'More'],
  down: ['少ない', 'Fewer'],
  not_certain: ['差は誤差の範囲', 'No certain difference'],
}

const VALUES: Record<string, Table> = {
  kind: KIND,
  what: KIND,
  item: KIND,
  day_type: { weekday: ['平日', 'Weekdays'], holiday: ['休日', 'Holidays'] },
  time_band: {
    day: ['昼(11〜14時)', 'By day (11 to 14)'],
    night: ['深夜(1〜4時)', 'By night (1 to 4)'],
    all: ['終日', 'All day'],
  },
  extreme: { most: ['最も多い', 'Most'], fewest: ['最も少ない', 'Fewest'] },
  origin_level: {
    all: EVERYBODY,
    resident: ['住む人', 'Residents'],
    inside: ['県内から', 'Same prefecture'],
    outside: ['県外から', 'Other prefectures'],
    same_block: ['同じ地方の県外から', 'Same region'],
    other_block: ['ほかの地方から', 'Other regions'],
    block: ['地方', 'Region'],
    prefecture: ['都道府県', 'Prefecture'],
  },
  origin: {
    all: EVERYBODY,
    inside: ['県内', 'Same prefecture'],
    outside: ['県外', 'Other prefectures'],
    北海道: ['北海道', 'Hokkaido'],
    東北圏: ['東北圏', 'Tohoku'],
    首都圏: ['首都圏', 'National Capital Region'],
    北陸圏: ['北陸圏', 'Hokuriku'],
    中部圏: ['中部圏', 'Chubu'],
    近畿圏: ['近畿圏', 'Kinki'],
    中国圏: ['中国圏', 'Chugoku'],
    四国圏: ['四国圏', 'Shikoku'],
    九州圏: ['九州圏', 'Kyushu'],
    沖縄: ['沖縄', 'Okinawa'],
  },
  other: { all: ['分かる人の全体', 'Everybody known'] },
  class: {
    all: EVERYBODY,
    day_trip: ['日帰り', 'Day trip'],
    overnight_here: ['このまちに泊まる', 'Sleep here'],
    overnight_elsewhere: ['よそに泊まる', 'Sleep elsewhere'],
    both: ['両方に泊まる', 'Sleep in both'],
    not_known: ['分からない', 'Not known'],
    '1': ['1', '1'],
    '2': ['2', '2'],
    '3': ['3', '3'],
    '4_6': ['4〜6', '4 to 6'],
    '7_plus': ['7以上', '7 or more'],
    '2_or_more': ['2以上', '2 or more'],
    '4_plus': ['4以上', '4 or more'],
    under_2: ['2時間未満', 'Under 2 hours'],
    '2_4': ['2〜4時間', '2 to 4 hours'],
    '6_plus': ['6時間以上', '6 hours or more'],
  },
  municipalities_class: {
    all: EVERYBODY,
    '1': ['1か所', '1 municipality'],
    '2': ['2か所', '2 municipalities'],
    '3': ['3か所', '3 municipalities'],
    '4_plus': ['4か所以上', '4 or more municipalities'],
  },
  measure: {
    pattern: ['泊まる場所', 'Where they sleep'],
    nights: ['泊数', 'Nights'],
    hours: ['日帰りの時間', 'Hours of a day trip'],
    municipalities: ['訪れた市区町村の数', 'Municipalities visited'],
    with: ['同じ旅行で訪れた所', 'Visited on the same trip'],
  },
  distance: {
    '1: under 40 km': ['40km未満', 'Under 40 km'],
    '2: 40 to 100 km': ['40〜100km', '40 to 100 km'],
    '3: 100 to 300 km': ['100〜300km', '100 to 300 km'],
    '4: 300 km or more': ['300km以上', '300 km or more'],
  },
  regime: {
    all: EVERYBODY,
    weekly: ['毎週', 'Weekly'],
    weekend: ['週末', 'Weekends'],
    alternate: ['隔週', 'Every other week'],
    monthly: ['毎月', 'Monthly'],
    seasonal: ['季節', 'Seasonal'],
    blocks: ['まとまった期間', 'In blocks'],
  },
  comes: { all: EVERYBODY, first: ['初めて', 'First time'], returning: ['再び', 'Again'] },
  side: { residence: ['住む人', 'Who live there'], workplace: ['働く人', 'Who work there'] },
  direction: {
    before: ['直前にいた所', 'Just before'],
    after: ['直後にいた所', 'Just after'],
    at_least: ['以上', 'At least'],
    at_most: ['以下', 'At most'],
    lodging: ['泊まった所', 'Where they slept'],
    entry: ['通った所', 'Came in through'],
  },
  age_band: {
    all: ['全年齢', 'All ages'],
    '15-29': ['15〜29歳', '15 to 29'],
    '30-44': ['30〜44歳', '30 to 44'],
    '45-54': ['45〜54歳', '45 to 54'],
    '55-64': ['55〜64歳', '55 to 64'],
    '65+': ['65歳以上', '65 or older'],
    unknown: ['不明', 'Not known'],
  },
  sex: {
    all: ['男女', 'Both'],
    male: ['男', 'Men'],
    female: ['女', 'Women'],
    unknown: ['不明', 'Not known'],
  },
  unit: { people: ['人', 'people'], percent: ['%', '%'] },
  change: CHANGE,
  against_10: CHANGE,
  exceeds: CHANGE,
  against_others: CHANGE,
  panel: { year: ['12か月のパネル', 'Panel of 12 months'], month: ['月のパネル', 'Panel of the month'] },
  pooling: {
    own: ['自らの端末', 'Its own'],
    small_prefectures: ['小さな都道府県の合計', 'Small prefectures together'],
    country: ['全国', 'The country'],
    none: ['重みなし', 'Not weighed'],
  },
  lives_in: METRO,
  connected_to: METRO,
  period_kind: {
    month: ['月', 'Month'],
    year: ['暦年', 'Year'],
    fiscal_year: ['年度', 'Fiscal year'],
    quarter: ['四半期', 'Quarter'],
  },
  rolled_up_to: {
    rest_of_prefecture: [
      '県内の値のない市区町村',
      'the towns of the prefecture without a figure of their own',
    ],
    inside: ['県内', 'the prefecture'],
    outside: ['県外', 'other prefectures'],
    block: ['地方', 'the region'],
    all: EVERYBODY,
    year: ['12か月', 'the year'],
    quarter: ['3か月', 'the quarter'],
    block_hokkaido: ['北海道', 'Hokkaido'],
    block_tohoku: ['東北圏', 'Tohoku'],
    block_capital: ['首都圏', 'the National Capital Region'],
    block_hokuriku: ['北陸圏', 'Hokuriku'],
    block_chubu: ['中部圏', 'Chubu'],
    block_kinki: ['近畿圏', 'Kinki'],
    block_chugoku: ['中国圏', 'Chugoku'],
    block_shikoku: ['四国圏', 'Shikoku'],
    block_kyushu: ['九州圏', 'Kyushu'],
    block_okinawa: ['沖縄', 'Okinawa'],
  },
  verdict: {
    reached: ['達成', 'Reached'],
    missed: ['未達', 'Missed'],
    undecided: ['判定不能', 'Not decided'],
    hidden: ['秘匿', 'Hidden'],
    not_yet: ['期間前', 'Not over yet'],
  },
  level: {
    KGI: ['KGI(最終の目標)', 'KGI (goal)'],
    KSI: ['KSI(成功の要)', 'KSI (success)'],
    KPI: ['KPI(中間の目標)', 'KPI (on the way)'],
  },
  factor: {
    'FY2024: car 125, rail 17 g-CO2 a person-km (国土交通省)': [
      '1人を1km運ぶごとに自動車125g、鉄道17g(2024年度、国土交通省)',
      'Car 125 g, rail 17 g of CO2 for each person and km (fiscal 2024, MLIT)',
    ],
  },
  car_share_of: {
    "the nation's commuters, census of 2010": [
      '全国の通勤・通学者(2010年の国勢調査)',
      'the nation’s commuters, census of 2010',
    ],
  },
  population_base: {
    'census 2020-10-01 (令和2年国勢調査 人口速報集計(総務省統計局))': [
      '令和2年国勢調査(2020年10月1日)人口速報集計(総務省統計局)',
      'Census of 1 October 2020, preliminary counts',
    ],
  },
  ask_instead: {
    'segments_yearly: area_level prefecture': [
      '都道府県の値(segments_yearly)',
      'Prefecture (segments_yearly)',
    ],
    'rebound_yearly: area_code JP': ['全国の値(rebound_yearly)', 'Country (rebound_yearly)'],
    'rebound_yearly: distance_band all': [
      'すべての距離の値(rebound_yearly)',
      'All distances (rebound_yearly)',
    ],
    'segments_yearly: area_level country': ['全国の値(segments_yearly)', 'Country (segments_yearly)'],
    connected_rest_monthly: [
      '県内の値のない市区町村の合計(connected_rest_monthly)',
      'Towns of the prefecture without a figure, together (connected_rest_monthly)',
    ],
  },
}

/** The words for a value of a column; `undefined` when the value is none of a closed list. */
export function valueWords(column: string, value: string): Words | undefined {
  const known = VALUES[column]?.[value]
  return known === undefined ? undefined : { ja: known[0], en: known[1] }
}

/** The words of a measure's class, with what it counts: `2` nights, `2` municipalities. */
export function classWords(measure: string, value: string): Words | undefined {
  const known = valueWords('class', value)
  if (known === undefined || /時間|日帰り|全体/.test(known.ja)) return known
  if (measure === 'nights')
    return {
      ja: `${known.ja}泊`.replace('以上泊', '泊以上'),
      en: `${known.en} ${value === '1' ? 'night' : 'nights'}`,
    }
  if (measure === 'municipalities')
    return {
      ja: `${known.ja}か所`.replace('以上か所', 'か所以上'),
      en: `${known.en} ${value === '1' ? 'municipality' : 'municipalities'}`,
    }
  if (measure === 'hours' && value === '4_6') return { ja: '4〜6時間', en: '4 to 6 hours' }
  return known
}
