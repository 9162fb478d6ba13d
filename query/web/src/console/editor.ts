// The editor, CodeMirror 6, loaded after the page: until then, and where it does not load, a plain text field does.
//
// In: the element to stand in, the SQL, the tables. Out: an editor with colours, completion of tables, columns and
// functions, and a line under what the server could not read. Tab leaves it, as it leaves every field.

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { PostgreSQL, SQLDialect, sql as sqlLanguage } from '@codemirror/lang-sql'
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { Compartment, EditorState, StateEffect, StateField } from '@codemirror/state'
import { Decoration, EditorView, keymap, lineNumbers, type DecorationSet } from '@codemirror/view'
import { tags } from '@lezer/highlight'

import type { TableDescription } from '../data/tables'
import type { Language } from '../place/address'

export interface KnownFunction {
  signature: string
  doc: string
}

export interface Opening {
  parent: HTMLElement
  text: string
  label: string
  onChange: (text: string) => void
  onRun: () => void
}

/** The words of questions alone: PostgreSQL has eight hundred, most of them for what a reader may not do. */
const KEYWORDS = `all and any array as asc between by case cast cross current_date describe desc distinct else end
  except exists explain extract false fetch filter first following from full group grouping having ilike in inner
  intersect interval into is join last lateral left like limit natural not null nulls offset on or order outer over
  partition preceding range right row rows select sets show similar some table then to true unbounded union unnest
  using values when where window with within`
const DIALECT = SQLDialect.define({ ...PostgreSQL.spec, keywords: KEYWORDS.replace(/\s+/g, ' ') })

const underline = StateEffect.define<{ from: number; to: number } | undefined>()
const mark = Decoration.mark({ class: 'wrong' })

/** The line under an error, which goes as soon as the text changes. */
const wrong = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, transaction) {
    let next = transaction.docChanged ? Decoration.none : set
    for (const effect of transaction.effects) {
      if (!effect.is(underline)) continue
      next =
        effect.value === undefined
          ? Decoration.none
          : Decoration.set([mark.range(effect.value.from, effect.value.to)])
    }
    return next
  },
  provide: (field) => EditorView.decorations.from(field),
})

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: '#0055ad', fontWeight: '600' },
  { tag: tags.string, color: '#8b3200' },
  { tag: [tags.number, tags.bool, tags.null], color: '#7a1f5c' },
  { tag: tags.comment, color: '#595959' },
  { tag: tags.typeName, color: '#00428c' },
])

const look = EditorView.theme({
  '&': { fontSize: '0.9375rem', backgroundColor: '#ffffff' },
  '.cm-content': { fontFamily: 'ui-monospace, "Noto Sans Mono CJK JP", monospace', minHeight: '11rem' },
  '.cm-scroller': { lineHeight: '1.6', maxHeight: '26rem' },
  '.cm-gutters': { backgroundColor: '#f7f8fa', color: '#595959' },
  '.wrong': { textDecoration: 'underline wavy #c4320a 2px', textUnderlineOffset: '3px' },
  '&.cm-focused': { outline: '3px solid #000', boxShadow: '0 0 0 6px #ffd43d' },
})

/** An editor that stands on the page. */
export class SqlEditor {
  readonly #view: EditorView
  readonly #completion = new Compartment()

  constructor({ parent, text, label, onChange, onRun }: Opening) {
    const runs = () => {
      onRun()
      return true
    }
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          history(),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label }),
          // Before the usual keys, of which one is Ctrl+Enter for a new line.
          keymap.of([{ key: 'Mod-Enter', run: runs, preventDefault: true }]),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          this.#completion.of(sqlLanguage({ dialect: DIALECT, upperCaseKeywords: true })),
          syntaxHighlighting(colours),
          wrong,
          look,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) onChange(update.state.doc.toString())
          }),
        ],
      }),
    })
  }

  /** Offers tables with their columns, and the functions of the server. */
  complete(tables: TableDescription[], functions: KnownFunction[], language: Language) {
    const schema = Object.fromEntries(
      tables.map((table) => [
        table.name,
        {
          self: { label: table.name, type: 'type', info: table.description[language] },
          children: table.columns.map((column) => ({
            label: column.name,
            type: 'property',
            detail: column.type,
            info: column.description[language],
          })),
        },
      ]),
    )
    const offered = functions.map(({ signature, doc }) => {
      const label = signature.replace(/\(.*/s, '')
      return { label, apply: `${label}(`, detail: signature.slice(label.length), info: doc, type: 'function' }
    })
    const support = sqlLanguage({ dialect: DIALECT, upperCaseKeywords: true, schema })
    const own = DIALECT.language.data.of({
      autocomplete: (context: import('@codemirror/autocomplete').CompletionContext) => {
        const word = context.matchBefore(/\w+/)
        return word === null ? null : { from: word.from, options: offered, validFor: /^\w*$/ }
      },
    })
    this.#view.dispatch({ effects: this.#completion.reconfigure([support, own]) })
  }

  /** Puts another text in. */
  set(text: string) {
    const { doc } = this.#view.state
    if (doc.toString() !== text) this.#view.dispatch({ changes: { from: 0, to: doc.length, insert: text } })
  }

  /** Puts a name where the cursor is. */
  insert(text: string) {
    this.#view.dispatch(this.#view.state.replaceSelection(text))
    this.#view.focus()
  }

  /** Draws a line under a part of the text, or none. */
  underline(part: { from: number; to: number } | undefined) {
    const { length } = this.#view.state.doc
    const fits = part !== undefined && part.from < length
    const range = fits ? { from: part.from, to: Math.min(part.to, length) } : undefined
    this.#view.dispatch({ effects: underline.of(range) })
  }

  end() {
    this.#view.destroy()
  }
}
