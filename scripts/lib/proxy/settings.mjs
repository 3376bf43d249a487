// The settings of scripts/proxy: what they are called, where they come from, and which of them cannot be right.
// Writes nothing.

import { readFileSync } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import path from 'node:path'

import { readAuthorities, readPair } from './certificates.mjs'

/** By name: what it is, and its default where it has one. */
export const SETTINGS = {
  PLATFORM: ['host:port of the platform, such as iot.example.com:8743; or simulator'],
  CLIENT_CERT: ['your certificate for the platform, a PEM file'],
  CLIENT_KEY: ['its private key, a PEM file without a passphrase'],
  CA: ['who signed the platform’s certificate, a PEM file'],
  PLATFORM_NAME: ['the name in the platform’s certificate', 'the host of PLATFORM'],
  LISTEN: ['address and port of the console', '127.0.0.1:8443'],
  SITE_CERT: ['the console’s own certificate, a PEM file', 'none: plain http, on loopback only'],
  SITE_KEY: ['its private key'],
  ALLOW: ['networks that may call the platform through it', '127.0.0.0/8 ::1'],
  ORIGIN: ['further origins whose pages may call, such as https://tool.example.com', 'none'],
  CONNECT: [
    'what the console may call besides, or none',
    'https://*.aliyuncs.com wss://*.mqtt.aliyuncs.com',
  ],
}

/** @typedef {keyof typeof SETTINGS} Name */
/** @typedef {{ setting: string, what: string, remedy: string }} Problem */
/** @typedef {{ host: string, port: number }} Address */
/** @typedef {{ file: string, pem: string }} Pem */

/**
 * @typedef {object} Settings
 * @property {Address} platform
 * @property {string} name in the platform's certificate
 * @property {Pem} clientCert
 * @property {Pem} clientKey
 * @property {Pem} ca
 * @property {Address} listen
 * @property {Pem | undefined} siteCert without it plain http
 * @property {Pem | undefined} siteKey
 * @property {string[]} allow
 * @property {string[]} origins
 * @property {string[]} connect
 */

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/**
 * What was set, by name; paths are absolute, from where they were set.
 * @param {Record<string, string | undefined>} environment which goes before the file
 * @param {string | undefined} file
 * @returns {{ set: Partial<Record<Name, string>>, problems: Problem[] }}
 */
export function gather(environment, file) {
  const names = /** @type {Name[]} */ (Object.keys(SETTINGS))
  const { lines, problems } = file === undefined ? { lines: {}, problems: [] } : readFile(file)
  /** @type {Partial<Record<Name, string>>} */
  const set = {}
  for (const name of names) {
    const [value, folder] = environment[name]
      ? [environment[name], process.cwd()]
      : [lines[name], path.dirname(path.resolve(file ?? '.'))]
    if (value) set[name] = /_CERT$|_KEY$|^CA$/.test(name) ? path.resolve(folder, value) : value
  }
  return { set, problems }
}

/** `NAME=value`, as a shell would read it, but nothing is expanded. @param {string} file */
function readFile(file) {
  /** @type {Record<string, string>} */
  const lines = {}
  /** @type {Problem[]} */
  const problems = []
  readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .forEach((line, index) => {
      if (/^\s*(#.*)?$/.test(line)) return
      const [, name = '', , quoted, bare] =
        /^\s*(?:export\s+)?(\w+)=(?:(["'])(.*?)\2|([^"'].*?)?)(?:\s+#.*)?\s*$/.exec(line) ?? []
      if (Object.hasOwn(SETTINGS, name)) lines[name] = quoted ?? bare ?? ''
      else
        problems.push({
          setting: name || `line ${index + 1}`,
          what: `is no setting, in line ${index + 1} of ${file}`,
          remedy: 'Settings are lines such as LISTEN=127.0.0.1:8443; --help lists their names.',
        })
    })
  return { lines, problems }
}

/**
 * Finds what is missing or wrong by itself; `probe.mjs` then tries the rest.
 * @param {Partial<Record<Name, string>>} set
 * @returns {{ settings: Settings, problems: Problem[] }} settings that hold only without problems
 */
export function judge(set) {
  /** @type {Problem[]} */
  const problems = []
  /** @type {import('./certificates.mjs').Fail} */
  const fail = (setting, what, remedy) => {
    problems.push({ setting, what, remedy })
  }
  const platform = address('PLATFORM', set.PLATFORM, 'PLATFORM=iot.example.com:8743', fail)
  const listen = address('LISTEN', set.LISTEN ?? '127.0.0.1:8443', 'LISTEN=127.0.0.1:8443', fail)
  const name = set.PLATFORM_NAME ?? platform.host
  if (platform.host && isIP(name))
    fail(
      'PLATFORM_NAME',
      'is missing, and PLATFORM is a bare address',
      'Set the name that the platform’s certificate is for: nginx compares names, not addresses.',
    )
  else if (platform.host && !/^[\w.-]+$/.test(name))
    fail('PLATFORM_NAME', `${name}: no host name`, 'Set a name such as iot.example.com.')

  const [clientCert, clientKey] = readPair(['CLIENT_CERT', 'CLIENT_KEY'], set, fail)
  const ca = readAuthorities('CA', set, fail)
  const withSite = Boolean(set.SITE_CERT || set.SITE_KEY)
  const [siteCert, siteKey] = withSite ? readPair(['SITE_CERT', 'SITE_KEY'], set, fail) : []
  if (!withSite && listen.host && !isLoopback(listen.host))
    fail(
      'LISTEN',
      `${listen.host} is seen by other machines, and secrets would travel in the clear`,
      'Set SITE_CERT and SITE_KEY for https, or LISTEN=127.0.0.1:8443 for this machine alone.',
    )
  const list = (/** @type {string | undefined} */ text) => text?.split(/[\s,]+/).filter(Boolean)
  const allow = list(set.ALLOW) ?? ['127.0.0.0/8', '::1']
  for (const network of allow.filter((one) => !isNetwork(one)))
    fail('ALLOW', `${network}: no address and no network`, 'Set such as ALLOW="10.0.0.0/8 ::1".')
  const origins = list(set.ORIGIN === 'none' ? '' : set.ORIGIN) ?? []
  for (const origin of origins.filter((one) => !/^https?:\/\/[\w.:[\]-]+$/.test(one)))
    fail('ORIGIN', `${origin}: no origin`, 'Set such as ORIGIN=https://tool.example.com.')
  const connect = list(set.CONNECT ?? SETTINGS.CONNECT[1])?.filter((one) => one !== 'none') ?? []
  for (const source of connect.filter(
    (one) => !/^(https?|wss?):\/\/(\*\.)?[\w.-]+(:[\d*]+)?$/.test(one),
  ))
    fail('CONNECT', `${source}: no address`, 'Set such as CONNECT=wss://broker.example.com.')

  const settings = { platform, name, clientCert, clientKey, ca, listen, siteCert, siteKey }
  return {
    settings: /** @type {Settings} */ ({ ...settings, allow, origins, connect }),
    problems,
  }
}

/** @param {string} host */
export function isLoopback(host) {
  const family = isIP(host) === 6 ? 'ipv6' : 'ipv4'
  return host === 'localhost' || (isIP(host) !== 0 && loopback.check(host, family))
}

/** @param {Address} address */
export function written({ host, port }) {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
}

/**
 * @param {string} setting
 * @param {string | undefined} text
 * @param {string} example
 * @param {import('./certificates.mjs').Fail} fail
 * @returns {Address} with an empty host where there is none
 */
function address(setting, text, example, fail) {
  const [, bracketed, plain, digits] =
    /^(?:\[([\da-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(text ?? '') ?? []
  const host = bracketed ?? plain ?? ''
  const port = Number(digits)
  const remedy = `Set host and port and nothing else: ${example}`
  if (text === undefined) fail(setting, 'is missing', remedy)
  else if (host === '' || port > 65_535 || (bracketed && isIP(bracketed) !== 6))
    fail(setting, `${text}: no host:port`, remedy)
  else return { host, port }
  return { host: '', port: 0 }
}

/** @param {string} text */
function isNetwork(text) {
  const [host = '', bits, ...rest] = text.split('/')
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(host)] ?? -1
  if (bits === undefined) return most > 0
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most
}
