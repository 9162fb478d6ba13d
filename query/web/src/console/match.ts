// Which questions have the words that somebody types.
//
// In: the text of each question, and what is typed. Out: those that have all the words, or where none has, those with most
// of them.

const fold = (text: string) => text.normalize('NFKC').trim().toLowerCase()

/** Words of which each sign means something else by itself: who types 道 looks for a road, and not for prefectures. */
const WHOLE = /都道府県|市区町村/g

function has(text: string, word: string): boolean {
  return (word.length === 1 ? text.replace(WHOLE, ' ') : text).includes(word)
}

/** Those of a list that fit best, in their order. */
export function matching<One extends { text: string }>(all: One[], typed: string): One[] {
  const wanted = fold(typed).split(/\s+/)
  const found = all.map((one) => {
    const text = fold(one.text)
    return { one, words: wanted.filter((word) => has(text, word)).length }
  })
  const most = Math.max(...found.map(({ words }) => words))
  return most === 0 ? [] : found.filter(({ words }) => words === most).map(({ one }) => one)
}
