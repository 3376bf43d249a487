// What the page says, in English and Chinese, side by side where it is used.
//
//     const words = say({ title: ['Token', '令牌'], left: ['{time} left', '还剩 {time}'] })
//     words.title()
//     words.left({ time })

import { signal } from '@preact/signals'

export type Language = 'en' | 'zh'

const STORED = 'northbound.language'

/** The language of the page; reading it makes a component follow a change. */
export const language = signal<Language>(preferred())

export function chooseLanguage(chosen: Language): void {
  language.value = chosen
  applyLanguage()
  remember(STORED, chosen)
}

/** Tells the browser, which chooses fonts, hyphens and voices by it. */
export function applyLanguage(): void {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en'
}

type Pair = readonly [english: string, chinese: string]

type Said<Table> = { [Name in keyof Table]: (values?: Record<string, string | number>) => string }

/** Makes a function of every pair, which says it in the language of the moment. */
export function say<const Table extends Record<string, Pair>>(table: Table): Said<Table> {
  const said = Object.entries(table).map(([name, pair]) => [
    name,
    (values?: Record<string, string | number>) =>
      fill(pair[language.value === 'zh' ? 1 : 0], values),
  ])
  return Object.fromEntries(said) as Said<Table>
}

function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

function preferred(): Language {
  const stored = recall(STORED)
  if (stored === 'en' || stored === 'zh') return stored
  return navigator.languages.find((tag) => /^(en|zh)\b/.test(tag))?.startsWith('zh') ? 'zh' : 'en'
}

/** Storage may be denied, and nothing that is kept in it is worth an error. */
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {
    // The choice holds until the page is closed.
  }
}

export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined
  } catch {
    return undefined
  }
}
