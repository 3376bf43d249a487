// Watches one request and its answer on their way, and keeps them without their secrets.
//
// What the package gets is not changed: the answer is read from a copy. Of many requests that go out together
// some wait for a few milliseconds, so that the page can draw.

import type { FetchLike, SendInit } from 'northbound'

import type { Body, Exchange, Header } from './call.ts'
import { turn } from './pace.ts'
import { type Redactor, createRedactor } from './redact.ts'

/** The longest body that is kept, in bytes. */
export const LONGEST = 65_536

/**
 * Sends a request.
 *
 * @param onSent is given the exchange at once; what is answered is added to it
 * @param onChange is told of each addition
 */
export async function watchedFetch(
  url: string,
  init: SendInit,
  onSent: (exchange: Exchange) => void,
  onChange: (exchange: Exchange) => void,
): ReturnType<FetchLike> {
  const wait = turn()
  if (wait) await wait
  const redactor = createRedactor()
  const exchange = sent(url, init, redactor)
  onSent(exchange)
  const response = await fetch(url, init)
  try {
    const copy = response.clone()
    void answered(copy, exchange, redactor).then(() => onChange(exchange))
  } catch {
    // What cannot be copied is not shown; the package has it all the same.
  }
  return response
}

function sent(url: string, init: SendInit, redactor: Redactor): Exchange {
  const headers = Object.entries(init.headers).map(([name, value]) => redactor.header(name, value))
  const exchange: Exchange = {
    method: init.method,
    url: redactor.url(new URL(url, document.baseURI).href),
    headers,
    body: requestBody(init, redactor),
  }
  scrub(exchange, redactor)
  return exchange
}

function requestBody(init: SendInit, redactor: Redactor): Body {
  if (init.body === undefined) return { kind: 'none' }
  if (init.body.length > LONGEST) return { kind: 'large', bytes: init.body.length }
  return redactor.body(init.body, init.headers['content-type'] ?? '')
}

async function answered(copy: Response, exchange: Exchange, redactor: Redactor): Promise<void> {
  const headers: Header[] = []
  copy.headers.forEach((value, name) => headers.push(redactor.header(name, value)))
  const body = await read(copy, redactor)
  const code = codeIn(body)
  exchange.answer = { status: copy.status, headers, body, ...(code === undefined ? {} : { code }) }
  scrub(exchange, redactor)
}

/** The answer may show what of the request was a secret, and the other way round. */
function scrub(exchange: Exchange, redactor: Redactor): void {
  exchange.url = redactor.scrub(exchange.url)
  exchange.headers = redactor.scrubPairs(exchange.headers)
  exchange.body = redactor.scrubBody(exchange.body)
  const { answer } = exchange
  if (!answer) return
  answer.headers = redactor.scrubPairs(answer.headers)
  answer.body = redactor.scrubBody(answer.body)
}

/** The member that tells an error's code goes by several names, even on one platform. */
function codeIn(body: Body): string | undefined {
  if (body.kind !== 'json') return undefined
  const value: unknown = JSON.parse(body.text)
  if (typeof value !== 'object' || value === null) return undefined
  const told = new Map<string, unknown>(Object.entries(value))
  const code = told.get('error_code') ?? told.get('resultcode') ?? told.get('Code')
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined
}

async function read(copy: Response, redactor: Redactor): Promise<Body> {
  const reader = copy.body?.getReader()
  if (!reader) return { kind: 'none' }
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let bytes = 0
  let binary = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      bytes += value.byteLength
      if (bytes > LONGEST) {
        reader.cancel().catch(() => {})
        return { kind: 'large', bytes: Number(copy.headers.get('content-length')) || bytes }
      }
      if (!binary) {
        try {
          text += decoder.decode(value, { stream: true })
        } catch {
          binary = true
        }
      }
    }
    if (!binary) text += decoder.decode()
  } catch {
    return { kind: 'broken', bytes }
  }
  if (binary || text.includes('\0')) return { kind: 'binary', bytes }
  return redactor.body(text, copy.headers.get('content-type') ?? '')
}
