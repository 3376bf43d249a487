// Reads settings as they stand in `.env` files and shell scripts: `export NAME="value" # comment`.
//
// No message quotes a line: it may hold a secret.

import { say } from '../words.ts'

const words = say({
  noAssignment: ['is no NAME=value', '不是 NAME=value 形式'],
  open: ['the quote is never closed', '引号没有闭合'],
  rest: ['there is something behind the closing quote', '闭合引号之后还有内容'],
  again: [
    '{name} stands there already; the later value counts',
    '{name} 已经出现过；以后出现的值为准',
  ],
})

export interface EnvText {
  /** In the order of the text. */
  values: Map<string, string>
  /** What could not be read as it stands, by line from 1; everything else was. */
  problems: { line: number; message: string }[]
}

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(.*)$/s
const NOTHING = /^\s*(#.*)?$/

export function readEnv(text: string): EnvText {
  const values = new Map<string, string>()
  const problems: EnvText['problems'] = []
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  for (let at = 0; at < lines.length; at += 1) {
    const line = at + 1
    const content = lines[at] ?? ''
    if (NOTHING.test(content)) continue
    const [, name, raw] = ASSIGNMENT.exec(content) ?? []
    if (name === undefined || raw === undefined) {
      problems.push({ line, message: words.noAssignment() })
      continue
    }
    const read = value(raw, lines.slice(line))
    if (typeof read === 'string') {
      problems.push({ line, message: read })
      continue
    }
    at += read.further
    if (values.has(name)) problems.push({ line, message: words.again({ name }) })
    values.set(name, read.value)
  }
  return { values, problems }
}

/** A value, and how many further lines it takes up; or what is wrong with it. */
function value(raw: string, further: string[]): { value: string; further: number } | string {
  const quote = /^['"`]/.exec(raw)?.[0]
  if (quote === undefined) return { value: raw.replace(/(^|\s)#.*$/, '').trim(), further: 0 }
  let text = raw.slice(1)
  for (let count = 0; ; count += 1) {
    const end = closing(text, quote)
    if (end >= 0) {
      if (!NOTHING.test(text.slice(end + 1))) return count > 0 ? words.open() : words.rest()
      const inner = text.slice(0, end)
      return { value: quote === '"' ? unescaped(inner) : inner, further: count }
    }
    const next = further[count]
    // A quote that is open would swallow all that follows; the lines behind it are read on their own.
    if (next === undefined) return words.open()
    text += `\n${next}`
  }
}

function closing(text: string, quote: string): number {
  if (quote !== '"') return text.indexOf(quote)
  return /^(?:[^"\\]|\\.)*(?=")/s.exec(text)?.[0].length ?? -1
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t' }

/** As a shell and most readers do; any other backslash stays. */
function unescaped(text: string): string {
  return text.replace(/\\([nrt"\\$`])/g, (_whole, letter: string) => ESCAPES[letter] ?? letter)
}
