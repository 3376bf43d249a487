// A recorded request as a command line, with placeholders for its secrets.

import type { Exchange } from './call.ts'
import { MASK, encodePairs } from './redact.ts'

/** What stands where a secret was. */
export const PLACEHOLDER = 'REDACTED'

export function curl({ method, url, headers, body }: Exchange): string {
  const data =
    body.kind === 'form'
      ? encodePairs(body.pairs)
      : body.kind === 'json'
        ? JSON.stringify(JSON.parse(body.text))
        : body.kind === 'text'
          ? body.text
          : undefined
  const lines = [
    `curl --request ${method} ${quote(url)}`,
    ...headers.map(([name, value]) => `--header ${quote(`${name}: ${value}`)}`),
    ...(data === undefined ? [] : [`--data-raw ${quote(data)}`]),
  ]
  return lines.join(' \\\n  ')
}

/** For a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll(MASK, PLACEHOLDER).replaceAll("'", String.raw`'\''`)}'`
}
