// Spellings that mean the same, made the same.
//
// In: what somebody types, or a name as the register has it. Out: a form in which both are compared. Both sides go
// through the same steps, so that a step may lose something (`Inoue` and `Inoe` become one) without losing a match.

/** Old and new shapes of characters in names of municipalities; either is typed for the other. */
const PAIRS =
  '龍竜 竈釜 鰺鯵 檜桧 嶋島 澤沢 濱浜 櫻桜 廣広 國国 齋斎 髙高 﨑崎 邊辺 瀧滝 莊荘 籠篭 惠恵 驒騨 檮梼 冨富 曾曽 礪砺 圓円 蘆芦 淵渕 諫諌'
const SHAPES = new Map(PAIRS.split(' ').map((pair) => [pair.slice(0, 1), pair.slice(1)]))

/** Katakana as hiragana, ヴ as ぶ, full and half width as one. */
export function foldKana(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[ァ-ヶ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x60))
    .replace(/ゔぁ/g, 'ば')
    .replace(/ゔぃ/g, 'び')
    .replace(/ゔぇ/g, 'べ')
    .replace(/ゔぉ/g, 'ぼ')
    .replace(/ゔ/g, 'ぶ')
    .replace(/\s/g, '')
}

/** A name in characters: ヶ, ケ, が and ガ are one, old shapes are new ones. */
export function foldName(text: string): string {
  return Array.from(foldKana(text).toLowerCase(), (sign) => SHAPES.get(sign) ?? sign)
    .join('')
    .replace(/[ゖけかゕ]/g, 'が')
}

/** A name in Latin letters: without marks and hyphens, long vowels short, spellings of 訓令式 as those of Hepburn. */
export function foldRomaji(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .replace(/oh(?=[^aeiouy]|$)/g, 'o')
    .replace(/o[uo]+/g, 'o')
    .replace(/([aiue])\1+/g, '$1')
    .replace(/m(?=[bmp])/g, 'n')
    .replace(/n+/g, 'n')
    .replace(/(?<![sc])hu/g, 'fu')
    .replace(/si/g, 'shi')
    .replace(/ti/g, 'chi')
    .replace(/tu/g, 'tsu')
    .replace(/[zd]i/g, 'ji')
    .replace(/du/g, 'zu')
    .replace(/sy/g, 'sh')
    .replace(/ty/g, 'ch')
    .replace(/[zj]y/g, 'j')
}

/** Without 市, 町, 村, 区 at the end, in each of the readings; `undefined` where nothing would be left. */
export function withoutKind(folded: string): string | undefined {
  const base = folded.replace(/([市町村区]|ちょう|まち|むら|そん|し|く|shi|cho|machi|mura|son|ku)$/, '')
  return base === folded || base === '' ? undefined : base
}

/** The check digit of the code of a municipality: the sixth, of the five before it. */
export function checkDigit(code: string): number {
  const sum = Array.from(code.slice(0, 5)).reduce(
    (before, digit, place) => before + Number(digit) * (6 - place),
    0,
  )
  return (11 - (sum % 11)) % 10
}
