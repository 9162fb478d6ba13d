// The words of the console.

import { exact } from '../words/numbers'
import type { Both } from '../words/speak'

interface Words {
  title: string
  lead: string
  run: string
  stop: string
  running: string
  stopped: string
  rows: (count: number | undefined) => string
  shown: (count: number) => string
  seconds: (seconds: number) => string
  revision: (revision: number) => string
  excel: string
  chart: string
  share: string
  copied: string
  failed: string
  files: string
  town: string
  /** That the place is an example, where nobody has chosen one. */
  example: (place: string) => string
  unknown: (name: string) => string
  answer: string
  chartLabel: string
  questionsOpen: string
  sql: string
  /** What an empty desk says; on a telephone the questions stand above it. */
  choose: string
  chooseAbove: string
}

export const words: Both<Words> = {
  ja: {
    title: '質問・SQL',
    lead: '質問をえらぶか、SQLを書いて実行します。書いたSQLは、実行するまでこの画面の外に出ません。',
    run: '実行',
    stop: '止める',
    running: '実行しています…',
    stopped: '止めました。',
    rows: (count) => (count === undefined ? '大きな答え' : `${exact(count)}行`),
    shown: (count) => `初めの${exact(count)}行を表示。すべての行は下のファイルにあります。`,
    seconds: (seconds) => `${seconds.toFixed(2)}秒`,
    revision: (revision) => `改定${revision}`,
    excel: 'CSV(Excel用)',
    chart: '図で見る',
    share: 'リンクをコピー',
    copied: 'コピーしました',
    failed: 'コピーできません。アドレス欄からコピーしてください',
    files: '保存と共有',
    town: '質問するまちか都道府県',
    example: (place) =>
      `まちか都道府県がえらばれていないので、例として${place}について答えています。「質問するまちか都道府県」でえらべます。`,
    unknown: (name) => `「${name}」という質問はありません。`,
    answer: '答え',
    chartLabel: '答えの図。値は表にあります。',
    questionsOpen: '質問と表',
    sql: 'SQLを見る、書く',
    choose: '左の質問をえらぶと、ここに答えが出ます。',
    chooseAbove: '上の質問をえらぶと、ここに答えが出ます。',
  },
  en: {
    title: 'Questions, SQL',
    lead: 'Choose a question, or write SQL and run it. What you write stays on this page until you run it.',
    run: 'Run',
    stop: 'Stop',
    running: 'Running …',
    stopped: 'Stopped.',
    rows: (count) => {
      if (count === undefined) return 'a large answer'
      return `${exact(count)} ${count === 1 ? 'row' : 'rows'}`
    },
    shown: (count) => `The first ${exact(count)} rows are shown. The files below have all of them.`,
    seconds: (seconds) => `${seconds.toFixed(2)} seconds`,
    revision: (revision) => `revision ${revision}`,
    excel: 'CSV for Excel',
    chart: 'Show a chart',
    share: 'Copy link',
    copied: 'Copied',
    failed: 'Cannot copy; please copy it from the address bar',
    files: 'Save and share',
    town: 'Town or prefecture to ask about',
    example: (place) =>
      `No town or prefecture is chosen, so that this is of ${place} as an example. Choose one in the field above the questions.`,
    unknown: (name) => `There is no question called “${name}”.`,
    answer: 'Answer',
    chartLabel: 'Chart of the answer. The table has the figures.',
    questionsOpen: 'Questions and tables',
    sql: 'See or write the SQL',
    choose: 'Choose a question on the left, and its answer stands here.',
    chooseAbove: 'Choose a question above, and its answer stands here.',
  },
}
