// All documented errors, and how they are found: a code first, then words, all of which have to match.

import { type CatalogueEntry, errorCatalogue } from 'northbound'

/** An entry with what is looked for in it, made once. */
export interface Entry extends CatalogueEntry {
  /** Names the entry in an address, `huawei-northbound.400.100611`; a further one like it ends in `.2`. */
  readonly key: string
  /** Matches what stands for a code that differs, `Missing%s`. */
  readonly pattern: RegExp | undefined
  readonly lowCode: string
  readonly words: string
}

export interface Question {
  readonly search: string
  readonly platform: string
  readonly operation: string
  readonly action: string
  /** `yes` or `no`. */
  readonly retryable: string
  /** One entry, by its key; all else counts for nothing then. */
  readonly entry: string
}

let read: readonly Entry[] | undefined

/** Read when it is first looked at: the page starts without it. */
export function entries(): readonly Entry[] {
  read ??= prepare()
  return read
}

function prepare(): readonly Entry[] {
  const seen = new Map<string, number>()
  return errorCatalogue().map((entry) => {
    const name = `${entry.platform}.${entry.status}.${entry.code}`
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    const { message, meaning, remedy, action, operations, status } = entry
    return {
      ...entry,
      key: count > 1 ? `${name}.${count}` : name,
      pattern: entry.code.includes('%s') ? placeholder(entry.code) : undefined,
      lowCode: entry.code.toLowerCase(),
      words: [message, meaning, remedy, action, status, entry.code, ...operations]
        .join('\n')
        .toLowerCase(),
    }
  })
}

function placeholder(code: string): RegExp {
  const [head = '', tail = ''] = code
    .split('%s')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${head}.+${tail}$`, 'i')
}

/** What answers the question: the entries whose code matches best come first, else the documents' order. */
export function find(asked: Question): readonly Entry[] {
  if (asked.entry) return entries().filter(({ key }) => key === asked.entry)
  const search = asked.search.trim().toLowerCase()
  const words = split(search)
  const found = entries()
    .filter((entry) => passes(entry, asked))
    .map((entry) => ({ entry, rank: rank(entry, search, words) }))
    .filter(({ rank }) => rank !== undefined)
  // Sorting is stable.
  found.sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0))
  return found.map(({ entry }) => entry)
}

export function split(search: string): string[] {
  return search.trim().toLowerCase().split(/\s+/).filter(Boolean)
}

function passes(entry: Entry, asked: Question): boolean {
  return (
    (!asked.platform || entry.platform === asked.platform) &&
    (!asked.operation || entry.operations.includes(asked.operation)) &&
    (!asked.action || entry.action === asked.action) &&
    (!asked.retryable || entry.retryable === (asked.retryable === 'yes'))
  )
}

/** The lower the better; nothing: no match. */
function rank(entry: Entry, search: string, words: readonly string[]): number | undefined {
  if (words.length === 0) return 0
  if (entry.lowCode === search) return 0
  if (entry.pattern?.test(search)) return 1
  if (entry.lowCode.startsWith(search)) return 2
  if (entry.lowCode.includes(search)) return 3
  return words.every((word) => entry.words.includes(word)) ? 4 : undefined
}
