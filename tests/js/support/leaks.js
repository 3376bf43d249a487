// Looks for secrets in whatever encoding they may have got into a text.

import { inspect } from 'node:util'

/** @param {string} text */
const strictlyEncoded = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => {
    return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
  })

/** @param {string} text */
const lowerCaseEscapes = (text) => text.replace(/%[0-9A-F]{2}/g, (found) => found.toLowerCase())

/**
 * How a secret may be written, by the encoding's name.
 * @type {Record<string, (secret: string) => string>}
 */
export const FORMS = {
  raw: (secret) => secret,
  'percent-encoded': encodeURIComponent,
  'percent-encoded as a form': strictlyEncoded,
  'percent-encoded in lower case': (secret) => lowerCaseEscapes(strictlyEncoded(secret)),
  'percent-encoded twice': (secret) => encodeURIComponent(strictlyEncoded(secret)),
  base64: (secret) => Buffer.from(secret).toString('base64'),
  base64url: (secret) => Buffer.from(secret).toString('base64url'),
  'JSON-escaped': (secret) => JSON.stringify(secret).slice(1, -1),
  'JSON-escaped twice': (secret) =>
    JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
  'JSON-escaped to ASCII': (secret) =>
    JSON.stringify(secret)
      .slice(1, -1)
      .replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'as a console prints it': (secret) => inspect(secret).slice(1, -1),
}

/**
 * A text of one channel, such as a printed error, and the situation that it comes from.
 * @typedef {{ channel: string, situation: string, text: string }} Output
 */

/**
 * @param {readonly Output[]} outputs
 * @param {Record<string, string>} secrets by name
 * @returns {string[]} what was found: never the secret itself, for this is printed
 */
export function leaksIn(outputs, secrets) {
  const sought = Object.entries(secrets).flatMap(([name, secret]) =>
    Object.entries(FORMS).map(([form, encode]) => {
      // The end of base64 depends on what follows.
      const text = form.startsWith('base64') ? encode(secret).replace(/.?=*$/, '') : encode(secret)
      return { name, form, text }
    }),
  )
  const found = outputs.flatMap(({ channel, situation, text }) => {
    const here = sought.filter((each) => text.includes(each.text))
    const names = [...new Set(here.map(({ name }) => name))]
    return names.map((name) => {
      const { form } = /** @type {typeof sought[number]} */ (
        here.find((each) => each.name === name)
      )
      return `${channel}: ${name}, ${form}, in ${situation}`
    })
  })
  return [...new Set(found)]
}
