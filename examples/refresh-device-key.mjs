// Gives a device that is offline a new verification code, over mutual TLS.
// node refresh-device-key.mjs --help
import fs from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'

import { isNorthboundError, NorthApiClient } from 'northbound'
import { nodeFetch } from 'northbound/node'

const HELP = `Usage: node refresh-device-key.mjs --device-id ID (--base-url URL | --platform-ip HOST) [flags]

  --device-id ID        the device, as the platform named it at registration
  --node-id ID          new node ID (MAC, serial number, IMEI); absent: it stays
  --timeout SECONDS     life of the new code; 0: for ever; absent: 180
  --base-url URL        address of the platform, or
  --platform-ip HOST    its host name or IP address and
  --platform-port PORT  its port; absent: 8743
  --ca FILE             PEM: who signed the platform's certificate; absent: the usual public ones
  --cert FILE           PEM: this application's certificate, with
  --key FILE            PEM: its private key
  --env-file FILE       NAME=VALUE lines for what the environment does not set
  --out FILE            writes {deviceId, verifyCode, timeout} as JSON, readable for you alone
  --force               lets --out replace a file
  --print-code          prints the new code on standard output

Environment, never flags, which every user of the machine can see:
  NORTHBOUND_APP_ID, NORTHBOUND_SECRET   who calls
  NORTHBOUND_KEY_PASSPHRASE              opens an encrypted --key
  NORTHBOUND_VERIFY_CODE                 the new code; absent: the platform makes one

Exit code: 0 done, 1 the platform refused, 2 wrong usage or configuration, 3 no answer (network,
TLS, time), 4 an answer that is none of the platform's, 70 a fault of northbound, 130 interrupted.`

const EXIT = { platform: 1, 'invalid-argument': 2, network: 3, timeout: 3, decode: 4, internal: 70 }

/**
 * What to do about Node's code for a failed connection: the first row that fits.
 * @type {[RegExp, string][]}
 */
const NETWORK_HINTS = [
  [/ALTNAME/, 'The certificate is for another name: use the name or address that it states.'],
  [
    /EXPIRED$|NOT_YET_VALID/,
    'The certificate of the platform is out of date, or this clock wrong.',
  ],
  [/ALERT|HANDSHAKE/, 'The platform misses or refuses the client certificate: --cert and --key.'],
  [/CERT|ISSUER|SIGNATURE/, 'The signer of the certificate is not trusted: give its own by --ca.'],
  [/ENOTFOUND|EAI_AGAIN/, 'The host name is not known: check the address.'],
  [/ECONNREFUSED/, 'Nothing listens there: check address and port.'],
  [/ECONNRESET|EPIPE/, 'The connection was cut; a missing client certificate can look like that.'],
]

const SWITCHES = ['force', 'print-code', 'help']
const VALUES = `device-id node-id timeout base-url platform-ip platform-port ca cert key env-file out`
const SECRET = /^--?(app-?id|secret|(key-?)?passphrase|password|verify-?code|(access-?)?token)$/i
class UsageError extends Error {}

/** @returns {Record<string, any>} */
function readFlags(args) {
  const secret = args.map((arg) => arg.split('=')[0]).find((name) => SECRET.test(name))
  if (secret) {
    throw new UsageError(`${secret} is no flag: command lines show in process lists and shell \
histories. Put the value into the environment or into --env-file (see --help).`)
  }
  const type = (name) => [name, { type: SWITCHES.includes(name) ? 'boolean' : 'string' }]
  const options = Object.fromEntries([...SWITCHES, ...VALUES.split(' ')].map(type))
  try {
    return parseArgs({ args, options }).values
  } catch (error) {
    // The text about an argument that is no flag shows it, and it may be a secret.
    const stray = error.code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL'
    throw new UsageError(stray ? 'an argument that is no flag (see --help)' : error.message)
  }
}

/**
 * The environment wins, as with Node's own --env-file; a value may stand in quotes.
 * @returns {Record<string, string | undefined>}
 */
function readEnvironment(file) {
  const found = {}
  const lines = file === undefined ? [] : fs.readFileSync(file, 'utf8').split(/\r?\n/)
  for (const [at, line] of lines.entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const [, name, , value] = /^\s*(?:export\s+)?(\w+)\s*=\s*(["']?)(.*?)\2\s*$/.exec(line) ?? []
    if (!name) throw new UsageError(`--env-file ${file}: line ${at + 1} is not NAME=VALUE`)
    found[name] = value
  }
  return { ...found, ...process.env }
}

async function main(args, signal) {
  const flags = readFlags(args)
  if (flags.help) return console.log(HELP)
  const { 'device-id': deviceId, 'node-id': nodeId, 'base-url': baseUrl, out } = flags
  const { 'platform-ip': platformIp, 'platform-port': platformPort = 8743 } = flags
  const env = readEnvironment(flags['env-file'])
  const { NORTHBOUND_APP_ID: appId, NORTHBOUND_SECRET: secret } = env
  const verifyCode = env.NORTHBOUND_VERIFY_CODE || undefined
  const passphrase = (flags.key && env.NORTHBOUND_KEY_PASSPHRASE) || undefined
  for (const [wrong, problem] of [
    [!deviceId, '--device-id is missing (see --help)'],
    [!baseUrl === !platformIp, 'give either --base-url or --platform-ip (see --help)'],
    [!appId || !secret, 'NORTHBOUND_APP_ID or NORTHBOUND_SECRET is not set (see --help)'],
    [!/^\d+$/.test(flags.timeout ?? '0'), '--timeout is no whole number of seconds'],
    [!verifyCode && !out && !flags['print-code'], 'say where the code goes: --out or --print-code'],
    [out && !flags.force && fs.existsSync(out), `--out ${out} exists (see --force)`],
  ]) {
    if (wrong) throw new UsageError(String(problem))
  }
  // Before the call, which makes a code that would be lost.
  if (out) fs.accessSync(dirname(out), fs.constants.W_OK)
  if (out && fs.statSync(out, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`--out ${out} is a folder, expected a file`)
  }
  const read = (file) => file && fs.readFileSync(file)
  const [ca, cert, key] = [flags.ca, flags.cert, flags.key].map(read)
  const address = baseUrl ? { baseUrl } : { platformIp, platformPort }
  const fetch = nodeFetch({ ca, cert, key, passphrase })
  const client = new NorthApiClient({ ...address, appId, secret }, { fetch })
  try {
    const timeout = flags.timeout && Number(flags.timeout)
    const input = { deviceId, nodeId, verifyCode, timeout }
    const code = await client.refreshDeviceKey(input, { signal })
    if (out) {
      // Written beside it first: the code exists only once, and a file that is there keeps its own mode.
      const json = JSON.stringify({ deviceId, ...code }, null, 2)
      fs.writeFileSync(`${out}.new`, `${json}\n`, { flag: 'w', mode: 0o600 })
      fs.renameSync(`${out}.new`, out)
    }
    console.log(code.timeout ? `new code, good for ${code.timeout} s` : 'new code, good for ever')
    if (flags['print-code']) console.log(code.verifyCode)
  } finally {
    client.free()
  }
}

/** Tells what went wrong and returns the exit code. */
function report(error) {
  console.error(`refresh-device-key: ${error.message}`)
  const tell = (code, remedy) => console.error(`  code:    ${code}\n  remedy:  ${remedy}`)
  if (error.kind === 'platform') {
    console.error(`  meaning: ${error.meaning}`)
    tell(`${error.code} (HTTP ${error.status})`, error.remedy)
  } else if (error.kind === 'network' && error.cause?.code) {
    const { code } = error.cause
    const hint = NETWORK_HINTS.find(([codes]) => codes.test(code))?.[1]
    tell(code, hint ?? 'This is a code of Node: look it up in its documentation.')
  } else if (error.kind === 'decode') {
    tell(`HTTP ${error.status}`, 'Check address and port, and whether a proxy stands between.')
    console.error(`  it said: ${error.excerpt}`)
  }
  if (error.operation === 'refreshDeviceKey' && ['network', 'timeout'].includes(error.kind)) {
    console.error('  The platform may have made a new code all the same: refresh the key again.')
  }
  if (isNorthboundError(error)) return EXIT[error.kind]
  return error instanceof UsageError || error.syscall ? 2 : 70
}

const interrupt = new AbortController()
process.once('SIGINT', () => interrupt.abort())
try {
  await main(process.argv.slice(2), interrupt.signal)
} catch (error) {
  process.exitCode = interrupt.signal.aborted ? 130 : report(error)
  if (interrupt.signal.aborted) console.error('interrupted; the platform may have made a new code')
}
