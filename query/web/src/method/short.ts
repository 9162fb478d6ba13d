// The two lines of each term, in both languages.
//
// In: nothing. Out: `SHORT`, and the groups in which the list shows the terms. A page loads them when somebody opens a
// term. Numbers are those of the definition `connected-2026`; a term's page says when a release was made by another.

import type { Both } from '../words/speak'
import type { TermName } from './names'

export type { TermName }

function says(ja: string, en: string): Both<string> {
  return { ja, en }
}

export const SHORT: Record<TermName, Both<string>> = {
  visitor: says(
    '12か月の間に、20km以上離れた家から一度でも訪れ、30分以上いた人。住む人と、通勤・通学の人は含みません。',
    'People who came at least once in twelve months, from a home 20 km or more away, and stayed 30 minutes. Residents and commuters are not among them.',
  ),
  connected: says(
    '12か月の間に、別々に3回以上、二つ以上の四半期にわたって訪れた人。住む人と、通勤・通学の人は含みません。',
    'People who came on three or more separate visits within twelve months, in at least two quarters (関係人口). Residents and commuters are not among them.',
  ),
  repeat: says(
    '12か月の間に、別々に2回以上訪れた人。間に、よその夜か、そのまちにいない日があれば別の訪問です。',
    'People who came on two or more separate visits within twelve months. Visits are separate when a night elsewhere or a day without presence lies between them.',
  ),
  'dual-resident': says(
    '第一の居住地から10km以上離れた二つ目の家に、年30泊以上し、そこへ戻ってくる人。',
    'People with a second home 10 km or more from the first (二地域居住), who spend 30 or more nights a year there and keep coming back.',
  ),
  workation: says(
    '家を離れたまちで2日以上働き、その前後の夜をそこで過ごした人。泊まる部屋で働く人は見えないため、下限です。',
    'People who worked there on two or more days away from home and slept there before or after. A lower bound: work in the room where one sleeps is not seen.',
  ),
  telework: says(
    '通勤・通学する人のうち、その月に自宅でも働いた人の割合。家にいた日が休みか仕事かは、日数から確率で分けます。',
    'The share of commuters who also worked at home in the month. Whether a day at home was leave or work is told by probability, from how many such days there are.',
  ),
  'car-co2': says(
    'テレワークで減った通勤のうち、自動車の分のCO2。鉄道は一人が乗らなくても走るため、含めません。',
    'The CO2 of the car commuting that telework saved. Trains run with or without one commuter, so they are left out.',
  ),
  'visit-days': says(
    '来訪者を、12か月に来た日数(1日、2日、3〜7日、8〜23日、24日以上)で分けたもの。重なりません。',
    'Visitors by the days on which they came in twelve months: 1, 2, 3–7, 8–23, 24 or more. Everybody is in one class only.',
  ),
  interval: says(
    '標本の偶然、加えた雑音、拡大の誤差を合わせた幅。測り方の誤りは含みません。数値には必ず添えます。',
    'How far chance in the sample, the added noise and the weights may move a figure. Errors of measurement are not in it. It stands beside every figure.',
  ),
  hidden: says(
    'この大きさでは値を出していません。0人という意味ではありません。',
    'No value is given at this size. It does not mean zero.',
  ),
  'rolled-up': says(
    'それだけでは値を出せないため、より大きな区分(地方、県外、県内の残りなど)の値を示したもの。足し合わせられません。',
    'No value of its own is given; a coarser group (a block of prefectures, the rest of the prefecture) stands in its place. Never add these up.',
  ),
  provisional: says(
    '確報になる前の値。遅れて届くデータを加えて、一度だけ置き換わります。',
    'A value before the final one. It is replaced once, when late data have come in.',
  ),
  'not-observed': says(
    '推計に足りる端末が観測されていない、またはその日のデータが欠けている状態。人がいないという意味ではありません。',
    'Too few phones were seen to estimate, or the data of that day are missing. It does not mean that nobody came.',
  ),
  'not-computed': says(
    'まだ集計していない月の状態。次の公表の日以降に値が入ります。',
    'The month has not been counted yet; there will be a value after the next release.',
  ),
  weight: says(
    '観測した1台の端末が何人に当たるか。住む都道府県ごとに、人口とパネルの端末数から計算します。',
    'How many people one observed phone stands for, from the people and the phones of the panel in the prefecture where they live.',
  ),
  panel: says(
    '数値のもとになる端末の集まり。住まいが分かり、十分に長く観測されたものだけです。',
    'The phones of which figures are made: those whose residence is known and that were seen long enough.',
  ),
  quality: says(
    '標準誤差が値の16.5%以下ならA、33.3%以下ならB、それより大きければC。Bは注意して、Cはなるべく使わないでください。',
    'A when the standard error is at most 16.5 % of the figure, B up to 33.3 %, C beyond. Use B with care; C says little.',
  ),
  noise: says(
    '一人ひとりを守るために端末数に加える偶然の値。およそ±10台(来訪者の表は±20台)で、合計が合わないのはこのためです。',
    'Chance added to counts of phones to protect each person: about ±10 phones, ±20 in tables of visitors. It is why parts do not add up to wholes.',
  ),
  revision: says(
    '公表の番号。同じ番号なら数値は変わりません。写したリンクには番号が入り、来年開いても同じ数値です。',
    'The number of a release, under which figures never change. A copied link carries it, so that it shows the same figures next year.',
  ),
  definition: says(
    'だれを数えるかを決めるしきい値の一式。公式のしきい値はないため、名前を付け、すべて公開しています。',
    'The set of thresholds that says who counts. No official one exists for location data, so it has a name and all of it is public.',
  ),
  'net-gross': says(
    '実人数は1人を1回だけ、延べ人数は訪れたまちごとに1回ずつ数えます。国の目標は両方で定められています。',
    'Distinct people (実人数) count once; the gross count (延べ人数) counts a person once for each town. The national goal is set in both.',
  ),
  residence: says(
    '夜を過ごした場所から推定した、住む市区町村。地点ではなく、30日以上観測されるまでは分かりません。',
    'The municipality where somebody lives, from where nights were spent. It is never a point, and unknown until a phone was seen for 30 days.',
  ),
  origin: says(
    '住む都道府県による区分。その日の出発地ではありません。県内・県外、地方、都道府県の三通りがあります。',
    'The prefecture where people live, not where they set out that day: inside or outside, by block, or by prefecture.',
  ),
  stay: says(
    '来訪者を、訪問の前後の夜を過ごした場所で分けたもの。親戚の家での夜も宿泊に含みます。',
    'Visitors by where they slept around the visit. Nights at relatives count as nights.',
  ),
  presence: says(
    'ある時刻にそこにいる人の平均。来訪者だけでなく、住む人、通う人も含みます。',
    'The mean number of people there at an hour (滞在人口): visitors, residents and commuters alike.',
  ),
  flow: says(
    '来訪者が直前・直後にいたまち、旅行中に泊まったまち、入るときに最後に通ったまち。',
    'Where visitors were just before and after, where they slept on the trip, and which town they passed last on the way in.',
  ),
  cell: says(
    'まちの中の小さな区画にいる人の平均。自宅にいる人はどの区画にも含みません。',
    'The mean number of people in small areas of a town. Nobody is counted at home.',
  ),
  lift: says(
    '住むまちの大きさと距離から見込まれる人数に対する、実際の人数の比。小さな見込みでは1に引き寄せます。',
    'People who came over those whom size and distance of their town explain, drawn towards 1 where few are expected.',
  ),
  change: says(
    '差の95%の区間が0を含まないときだけ「多い」「少ない」といいます。含むときは誤差の範囲です。',
    'Said only when the 95 % interval of the difference leaves out 0. Otherwise the difference is within the margin of error.',
  ),
  rank: says(
    '値のあるまちだけの中での順位。幅の中のどの順位でもありえます。順位だけを引用しないでください。',
    'The place among towns that have a value. Any rank in its interval may be the true one: do not quote it alone.',
  ),
  peers: says(
    '人口、人口当たりの来訪者、県外からの割合が最も近い五つのまち。計算で決まり、手では選びません。',
    'The five towns nearest in population, visitors per resident and share from other prefectures. A rule picks them, nobody else.',
  ),
  trial: says(
    '公表の前に試しに作った数値。集計のたびに変わり、公表や判断には使えません。',
    'Figures made for trying out. They change with every run and are not for publication or decisions.',
  ),
  boundaries: says(
    '正式な境界を取り込んでいないときに使う、簡略な市区町村の境界。数値は試算です。',
    'Borders used when the official ones have not been imported. Figures made with them are a rehearsal.',
  ),
}

/** Terms by what one looks for, in the order in which people meet them. */
export const GROUPS: { name: 'people' | 'figures' | 'states' | 'views'; terms: TermName[] }[] = [
  {
    name: 'people',
    terms: [
      'visitor',
      'repeat',
      'connected',
      'visit-days',
      'dual-resident',
      'workation',
      'telework',
      'car-co2',
    ],
  },
  { name: 'states', terms: ['hidden', 'rolled-up', 'provisional', 'not-observed', 'not-computed', 'trial'] },
  {
    name: 'figures',
    terms: [
      'interval',
      'quality',
      'noise',
      'weight',
      'panel',
      'residence',
      'net-gross',
      'definition',
      'revision',
      'boundaries',
    ],
  },
  { name: 'views', terms: ['origin', 'stay', 'presence', 'flow', 'cell', 'lift', 'change', 'rank', 'peers'] },
]
