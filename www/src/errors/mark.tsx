// A text with what was searched for made visible in it.

import type { ComponentChildren } from 'preact'

/** Matches any of the words; a single letter would be marked everywhere. */
export function marker(words: readonly string[]): RegExp | undefined {
  // The longest first: "devices" shall not be marked as far as "device" only.
  const longest = words
    .filter((word) => word.length > 1)
    .sort((one, other) => other.length - one.length)
  if (longest.length === 0) return undefined
  const escaped = longest.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`(${escaped.join('|')})`, 'gi')
}

export function Marked({ text, by }: { text: string; by: RegExp | undefined }) {
  if (!by) return <>{text}</>
  // Split by a group: every other part is a match.
  const parts = text.split(by)
  if (parts.length === 1) return <>{text}</>
  return (
    <>{parts.map((part, at): ComponentChildren => (at % 2 === 1 ? <mark>{part}</mark> : part))}</>
  )
}
