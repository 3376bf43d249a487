// Takes secrets out of requests and answers, before anything of them is kept.
//
// A value is a secret by the name it goes under. Whatever was found to be one is then taken out of all
// other texts of the same exchange too: an answer may quote the request.

import type { Body, Header } from './call.ts'

export const MASK = '••••••'

/** Names of members, parameters and headers; `tokenType` and `SignatureMethod` are none. */
const SECRET =
  /secret|passw|authori[sz]ation|cookie|token(?![-_]?(type|status|life))|signature(?![-_]?(method|version|nonce|type))|verify[-_]?code|^psk$|access[-_]?key/i

/** Shorter ones are not looked for elsewhere: they would take innocent texts with them. */
const SHORTEST = 6

export function isSecretName(name: string): boolean {
  return SECRET.test(name)
}

export type Redactor = ReturnType<typeof createRedactor>

/** For one exchange: it knows secrets only as long as the exchange lasts. */
export function createRedactor() {
  const found = new Set<string>()

  const hide = (value: string) => {
    if (value.length >= SHORTEST) found.add(value)
    return MASK
  }

  const member = (name: string, value: string): Header => [
    name,
    isSecretName(name) ? hide(value) : text(value),
  ]

  function header(name: string, value: string): Header {
    if (!/^(proxy-)?authorization$/i.test(name)) return member(name, value)
    for (const [, part = ''] of value.matchAll(/(?:Credential|Signature)=([^,\s]+)/g)) hide(part)
    const [scheme = '', ...rest] = value.split(' ')
    if (rest.length === 0) return [name, hide(value)]
    hide(rest.join(' '))
    return [name, `${scheme} ${MASK}`]
  }

  function pairs(search: URLSearchParams): Header[] {
    return [...search].map(([name, value]) => member(name, value))
  }

  function url(address: string): string {
    const [path = '', query] = address.split('#', 1)[0]?.split('?', 2) ?? []
    if (query === undefined) return path
    return `${path}?${encodePairs(pairs(new URLSearchParams(query)))}`
  }

  function json(value: unknown, hidden = false): unknown {
    if (typeof value === 'string') return hidden ? hide(value) : text(value)
    if (Array.isArray(value)) return value.map((item) => json(item, hidden))
    if (typeof value === 'object' && value !== null) {
      const members = Object.entries(value)
      return Object.fromEntries(
        members.map(([name, item]) => [name, json(item, hidden || isSecretName(name))]),
      )
    }
    return hidden && typeof value === 'number' ? hide(String(value)) : value
  }

  /** What is no JSON and no form may still quote pieces of one. */
  function text(raw: string): string {
    if (!/[=:<]|bearer/i.test(raw)) return raw
    return raw
      .replace(
        // In a text within a text, quotes have a backslash, or several; so many, since a run without an end
        // must not be read anew from each of them.
        /(\\{1,16})"([^"\\]{1,64})\1"(\s*:\s*)\1"([^]*?)(\1"|$)/g,
        (whole, slash: string, name: string, colon: string, value: string, end: string) =>
          isSecretName(name)
            ? `${slash}"${name}${slash}"${colon}${slash}"${hide(value)}${end}`
            : whole,
      )
      .replace(
        /("([^"\\]{1,64})"\s*:\s*)(?:"((?:[^"\\]|\\.)*)"?|([^\s,}\]"]+))/g,
        (whole, head: string, name: string, value?: string, bare?: string) =>
          isSecretName(name) ? `${head}"${hide(value ?? bare ?? '')}"` : whole,
      )
      .replace(/<([\w:.-]{1,64})([^<>]*)>([^<]+)/g, (whole, name: string, more: string, value) =>
        isSecretName(name) ? `<${name}${more}>${hide(value as string)}` : whole,
      )
      .replace(/\b([\w.-]{1,64})=([^&\s"'<>,;]+)/g, (whole, name: string, value: string) =>
        isSecretName(name) ? `${name}=${hide(value)}` : whole,
      )
      .replace(/\b(bearer|basic)\s+([\w.~+/=-]{6,})/gi, (_, scheme: string, value: string) => {
        return `${scheme} ${hide(value)}`
      })
  }

  function body(raw: string, type: string): Body {
    if (raw === '') return { kind: 'none' }
    try {
      const value: unknown = JSON.parse(raw.replace(/^\uFEFF/, ''))
      return { kind: 'json', text: JSON.stringify(json(value), null, 2) }
    } catch {
      if (/x-www-form-urlencoded/i.test(type)) {
        return { kind: 'form', pairs: pairs(new URLSearchParams(raw)) }
      }
      return { kind: 'text', text: text(raw) }
    }
  }

  /** Takes out what was found to be a secret, in whatever form it is quoted. */
  function scrub(kept: string): string {
    let clean = kept
    for (const secret of [...found].sort((one, other) => other.length - one.length)) {
      const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]
      for (const form of forms) clean = clean.replaceAll(form, MASK)
    }
    return clean
  }

  const scrubPairs = (kept: readonly Header[]): Header[] =>
    kept.map(([name, value]) => [name, scrub(value)])

  function scrubBody(kept: Body): Body {
    if (kept.kind === 'form') return { kind: 'form', pairs: scrubPairs(kept.pairs) }
    return kept.kind === 'json' || kept.kind === 'text' ? { ...kept, text: scrub(kept.text) } : kept
  }

  return { header, url, body, scrub, scrubPairs, scrubBody }
}

/** As in an address or a form, with the mask left readable. */
export function encodePairs(pairs: readonly Header[]): string {
  const encode = (value: string) =>
    encodeURIComponent(value).replaceAll(encodeURIComponent(MASK), MASK)
  return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
}
