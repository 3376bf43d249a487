// What failed calls leave behind, and where a secret could show.
import assert from 'node:assert/strict'
import { inspect } from 'node:util'

/**
 * What a promise rejects with; no rejection is a failure.
 *
 * @param {Promise<unknown>} promise
 * @returns {Promise<any>}
 */
export async function rejection(promise) {
  const outcome = await promise.then(
    () => ({ answered: true, reason: undefined }),
    (reason) => ({ answered: false, reason }),
  )
  assert.ok(!outcome.answered, 'it answered, and should have rejected')
  return outcome.reason
}

/**
 * What a function throws; nothing thrown is a failure.
 *
 * @param {() => unknown} run
 * @returns {any}
 */
export function thrown(run) {
  try {
    run()
  } catch (error) {
    return error
  }
  return assert.fail('it returned, and should have thrown')
}

/**
 * Repeats a check until it throws no more.
 *
 * @param {() => unknown} check
 */
export async function until(check, withinMs = 10_000) {
  const end = Date.now() + withinMs
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
}

/** @param {string} text */
const hexOf = (text) => [...Buffer.from(text)].map((byte) => byte.toString(16).padStart(2, '0'))

/**
 * The forms in which a server may echo a text, by name.
 *
 * @param {string} text
 * @returns {Record<string, string>}
 */
export function echoes(text) {
  const percent = encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  const lower = percent.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())
  const json = JSON.stringify(text).slice(1, -1)
  const units = (/** @type {RegExp} */ which) =>
    json.replace(which, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const html = (/** @type {(sign: string) => string} */ escape) =>
    text.replace(/[^A-Za-z0-9 ]/gu, escape)
  const named = /** @type {Record<string, string>} */ ({
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  })
  const base64 = Buffer.from(text).toString('base64')
  return {
    raw: text,
    'percent-encoded': percent,
    'percent-encoded in lower case': lower,
    'percent-encoded by encodeURIComponent': encodeURIComponent(text),
    'encoded as a form': percent.replaceAll('%20', '+'),
    'percent-encoded to the last character': hexOf(text)
      .map((hex) => `%${hex.toUpperCase()}`)
      .join(''),
    'percent-encoded twice': encodeURIComponent(percent),
    'percent-encoded twice in lower case': encodeURIComponent(lower),
    'a JSON string': json,
    'a JSON string with slashes escaped': json.replaceAll('/', '\\/'),
    'a JSON string in ASCII': units(/[^\x20-\x7e]/g),
    'a JSON string with signs escaped': units(/(?!\\)[^A-Za-z0-9 "]/g),
    'HTML with named escapes': text.replace(/[&<>"']/g, (sign) => named[sign] ?? sign),
    'HTML with decimal escapes': html((sign) => `&#${sign.codePointAt(0)};`),
    'HTML with hexadecimal escapes': html((sign) => `&#x${sign.codePointAt(0)?.toString(16)};`),
    base64,
    'base64 without padding': base64.replace(/=+$/, ''),
  }
}

/**
 * All that printing or sending a value could show.
 *
 * @param {any} value
 */
export function shown(value) {
  return [
    inspect(value, { depth: 20, showHidden: true, maxStringLength: null }),
    inspect(value, { depth: 20 }),
    JSON.stringify(value),
    String(value?.message),
    String(value?.stack),
  ].join('\n')
}

/**
 * No form of any secret stands in a text.
 *
 * @param {string} text
 * @param {string[]} secrets
 */
export function lacks(text, secrets, where = 'the text') {
  for (const secret of secrets) {
    for (const [form, echo] of Object.entries(echoes(secret))) {
      assert.ok(!text.includes(echo), `${where} holds a secret (${form}):\n${text}`)
    }
  }
}
