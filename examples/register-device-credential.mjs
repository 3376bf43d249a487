// Gives a device of ApsaraMQ for MQTT its credential, and with it the login for the broker.
// node register-device-credential.mjs --help
import fs from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'

import { isNorthboundError, mqttDeviceLogin, OnsMqttClient } from 'northbound'

const HELP = `Usage: node register-device-credential.mjs --client-id ID --instance-id ID
         (--region REGION [--vpc] | --endpoint URL) [flags]

  --client-id ID      the device: GroupID@@@DeviceID, at most 64 characters
  --instance-id ID    the instance, for example post-cn-...
  --region REGION     for example cn-hangzhou, or
  --endpoint URL      the address of the API
  --vpc               the address within a VPC of the region
  --get               reads the credential that is there instead of registering one
  --env-file FILE     NAME=VALUE lines for what the environment does not set
  --out FILE          writes {clientId, username, password} as JSON, readable for you alone
  --force             lets --out replace a file
  --print-login       prints the login, password included, on standard output
  --connect URL       logs in to the broker and publishes one message; needs npm install mqtt;
                      mqtts://HOST:8883 or wss://HOST/mqtt (mqtt: and ws: on this machine only)
  --topic TOPIC       where to
  --message TEXT      what; absent: hello

Environment, never flags, which every user of the machine can see:
  NORTHBOUND_ACCESS_KEY_ID, NORTHBOUND_ACCESS_KEY_SECRET   who calls
  NORTHBOUND_SECURITY_TOKEN                                with temporary keys (STS)

Exit code: 0 done, 1 the platform or the broker refused, 2 wrong usage or configuration, 3 no answer
(network, TLS, time), 4 an answer that is none of the platform's, 70 a fault of northbound, 130
interrupted.`

const EXIT = { platform: 1, 'invalid-argument': 2, network: 3, timeout: 3, decode: 4, internal: 70 }

/**
 * What to do about Node's code for a failed connection: the first row that fits.
 * @type {[RegExp, string][]}
 */
const NETWORK_HINTS = [
  [/ALTNAME/, 'The certificate is for another name: use the name that it states.'],
  [/CERT|ISSUER|SIGNATURE/, 'The certificate is not trusted: check the address.'],
  [/ENOTFOUND|EAI_AGAIN/, 'The host name is not known: check the address, or the region.'],
  [/ECONNREFUSED/, 'Nothing listens there: check address and port.'],
  [/ECONNRESET|EPIPE/, 'The connection was cut: check address, port and protocol.'],
]

/** Why a broker of MQTT 3.1.1 refuses, by the code of its CONNACK. */
const REFUSALS = {
  1: ['it does not speak MQTT 3.1.1', 'Check the address.'],
  2: ['it does not accept the client ID', 'Check that the group exists in the instance.'],
  3: ['its service is not available', 'Try again later.'],
  4: ['wrong user name or password', 'Read the credential again (--get): it was refreshed since.'],
  5: ['not authorised', 'Check that the broker is that of the instance; read it again (--get).'],
}
const CONNECT_MS = 10_000

const SWITCHES = ['get', 'vpc', 'force', 'print-login', 'help']
const VALUES = 'client-id instance-id region endpoint env-file out connect topic message'
const SECRET =
  /^--?((device-?)?access-?key(-?(id|secret))?|secret|password|(security-?|sts-?)?token)$/i
class UsageError extends Error {}
class BrokerError extends Error {
  constructor(message, { code, remedy, exit }) {
    super(message)
    this.code = code
    this.remedy = remedy
    this.exit = exit
  }
}

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

/** The password stays the same until the next refresh: in plain text it is everybody's. */
function checkBroker(address) {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !/^(mqtts?|wss?):$/.test(url.protocol)) {
    throw new UsageError('--connect is no address of a broker (see --help)')
  }
  if (url.username || url.password) {
    throw new UsageError('--connect takes no user name: the credential gives the login')
  }
  const here = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (!here && !/s:$/.test(url.protocol)) {
    throw new UsageError(`--connect would show the password to the network: use mqtts: or wss:`)
  }
}

async function loadMqtt() {
  try {
    return (await import('mqtt')).default
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new UsageError('--connect needs the package mqtt beside northbound: npm install mqtt')
  }
}

/** Publishes one message and waits until the broker has it. */
async function publish(mqtt, address, login, { topic, message }, signal) {
  const options = { protocolVersion: 4, reconnectPeriod: 0, connectTimeout: CONNECT_MS }
  const client = mqtt.connect(address, { ...login, ...options })
  try {
    await new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      client.on('error', (error) => reject(brokerError(error)))
      client.on('close', () => reject(brokerError(new Error('the connection ended'))))
      client.on('connect', () => {
        const done = (error) => (error ? reject(brokerError(error)) : resolve())
        client.publish(topic, message, { qos: 1 }, done)
      })
    })
    await client.endAsync()
  } finally {
    client.end(true)
  }
}

function brokerError(error) {
  const { code } = error
  if (typeof code === 'number') {
    const [why, remedy] = REFUSALS[code] ?? ['for a reason of its own', 'See its documents.']
    return new BrokerError(`the broker refused: ${why}`, {
      code: `CONNACK ${code}`,
      remedy,
      exit: 1,
    })
  }
  const hint = NETWORK_HINTS.find(([codes]) => codes.test(code ?? ''))?.[1]
  const remedy = hint ?? 'Check the address, and that a broker answers there.'
  return new BrokerError(`the broker did not answer: ${code ?? error.message}`, {
    code: code ?? 'none',
    remedy,
    exit: 3,
  })
}

async function main(args, signal) {
  const flags = readFlags(args)
  if (flags.help) return console.log(HELP)
  const { 'client-id': clientId, 'instance-id': instanceId, 'print-login': print } = flags
  const { region: regionId, endpoint, vpc, out, connect, topic, message = 'hello' } = flags
  const env = readEnvironment(flags['env-file'])
  const { NORTHBOUND_ACCESS_KEY_ID: accessKeyId, NORTHBOUND_ACCESS_KEY_SECRET: accessKeySecret } =
    env
  const securityToken = env.NORTHBOUND_SECURITY_TOKEN || undefined
  for (const [wrong, problem] of [
    [!clientId, '--client-id is missing (see --help)'],
    [!instanceId, '--instance-id is missing (see --help)'],
    [!regionId === !endpoint, 'give either --region or --endpoint (see --help)'],
    [vpc && !regionId, '--vpc goes with --region'],
    [
      !accessKeyId || !accessKeySecret,
      'NORTHBOUND_ACCESS_KEY_ID or NORTHBOUND_ACCESS_KEY_SECRET is not set (see --help)',
    ],
    [!out && !print && !connect, 'say where the login goes: --out, --print-login or --connect'],
    [!connect !== !topic, '--connect and --topic go together'],
    [flags.message !== undefined && !connect, '--message goes with --connect'],
    [out && !flags.force && fs.existsSync(out), `--out ${out} exists (see --force)`],
  ]) {
    if (wrong) throw new UsageError(String(problem))
  }
  // Before the call, which changes the platform.
  if (out) fs.accessSync(dirname(out), fs.constants.W_OK)
  if (connect) checkBroker(connect)
  const mqtt = connect && (await loadMqtt())

  /** @type {'vpc' | 'public'} */
  const network = vpc ? 'vpc' : 'public'
  const address = endpoint ? { endpoint } : { regionId, network }
  const credentials = { accessKeyId, accessKeySecret, securityToken }
  const client = new OnsMqttClient({ ...address, credentials })
  let login
  try {
    const ask = flags.get ? 'getDeviceCredential' : 'registerDeviceCredential'
    const { deviceCredential } = await client[ask]({ clientId, instanceId }, { signal })
    login = { ...mqttDeviceLogin(deviceCredential) }
  } finally {
    client.free()
  }
  if (out) {
    fs.rmSync(out, { force: true }) // a file that is there would keep its own mode
    fs.writeFileSync(out, `${JSON.stringify(login, null, 2)}\n`, { flag: 'wx', mode: 0o600 })
  }
  console.log(`${flags.get ? 'read' : 'registered'} ${clientId}`)
  if (print) for (const [name, value] of Object.entries(login)) console.log(`${name}: ${value}`)
  if (connect) {
    await publish(mqtt, connect, login, { topic, message }, signal)
    console.log(`published to ${topic}`)
  }
}

/** Node's code for a failed connection, which fetch wraps once more. */
function causeCode({ cause }) {
  return cause && (cause.code ?? causeCode(cause))
}

/** Tells what went wrong and returns the exit code. */
function report(error) {
  console.error(`register-device-credential: ${error.message}`)
  const tell = (code, remedy) => console.error(`  code:    ${code}\n  remedy:  ${remedy}`)
  if (error.kind === 'platform') {
    console.error(`  meaning: ${error.meaning}`)
    tell(`${error.code} (HTTP ${error.status})`, error.remedy)
    if (error.code === 'DeviceCredentialExsit') console.error('  here:    --get reads it')
  } else if (error.kind === 'network' && causeCode(error)) {
    const code = causeCode(error)
    const hint = NETWORK_HINTS.find(([codes]) => codes.test(code))?.[1]
    tell(code, hint ?? 'This is a code of Node: look it up in its documentation.')
  } else if (error instanceof BrokerError) {
    tell(error.code, error.remedy)
    return error.exit
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
  if (interrupt.signal.aborted) {
    console.error('interrupted; the platform may have registered the device (see --get)')
  }
}
