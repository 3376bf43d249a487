// The device's side: MQTT over WebSocket with the login that the credential gives.

import { perform } from './calls.js'
import { byId, fieldText, say, setBadge, textElement } from './dom.js'
import { PageError } from './errors.js'
import { secretView } from './secret.js'
import { formatClock } from './time.js'

/**
 * What this page uses of npm `mqtt`.
 *
 * @typedef {{
 *   on(event: string, listener: (...args: any[]) => void): void
 *   subscribe(
 *     topic: string,
 *     options: { qos: 0 | 1 },
 *     done: (error: Error | null, granted?: { qos: number }[]) => void,
 *   ): void
 *   publish(
 *     topic: string,
 *     message: string,
 *     options: { qos: 0 | 1 },
 *     done: (error?: Error) => void,
 *   ): void
 *   end(force: boolean): void
 * }} MqttClient
 */

const BUNDLE = '/mqtt/mqtt.esm.js'
const CONNECT_MS = 10_000
const MOST_MESSAGES = 100
const LONGEST_SHOWN = 2000

/** MQTT 3.1.1, section 3.2.2.3. @type {Record<number, [title: string, meaning: string, remedy: string]>} */
const REFUSALS = {
  1: [
    'Protocol version refused',
    'The broker does not speak MQTT 3.1.1.',
    'Check that the address is that of the instance.',
  ],
  2: [
    'Client ID refused',
    'The broker does not accept the client ID.',
    'Check that its group exists in the instance.',
  ],
  3: ['Broker unavailable', 'The broker is up, but its service is not.', 'Try again later.'],
  4: [
    'Wrong user name or password',
    'The user name is malformed, or the password is not the one that goes with it.',
    'Get the credential again: Refresh makes every former password void.',
  ],
  5: [
    'Not authorised',
    'The broker knows no such credential for this client ID: it was unregistered or refreshed ' +
      'since, or belongs to another client ID or instance.',
    'Get the credential again, or register the client ID anew.',
  ],
}

/** @type {{ login: import('northbound').MqttLogin; instanceId: string; valid: boolean } | undefined} */
let known

/** @type {MqttClient | undefined} */
let connected

// ── Login ──────────────────────────────────────────────────────────────────────────────────────

/**
 * @param {import('northbound').MqttLogin | undefined} login
 * @param {string} [instanceId]
 */
export function offerLogin(login, instanceId = '') {
  known = login && { login, instanceId, valid: true }
  byId('ons-login-clientId', HTMLElement).textContent = login?.clientId ?? ''
  byId('ons-login-username', HTMLElement).textContent = login?.username ?? ''
  const views = login ? [secretView('MQTT password', login.password)] : []
  byId('ons-login-password', HTMLElement).replaceChildren(...views)
  draw()
}

/**
 * The login of this device will be refused; it stays, so that one can see it refused.
 *
 * @param {import('northbound').DeviceRef} device
 */
export function voidLogin({ clientId, instanceId }) {
  if (known?.login.clientId !== clientId || known.instanceId !== instanceId) return
  known.valid = false
  draw()
}

/** The demo tells the port of its broker in the fragment, else it is the one after the page's. */
export function presetBroker() {
  const told = new URLSearchParams(location.hash.slice(1)).get('mqtt') ?? ''
  const port = /^\d{1,5}$/.test(told) ? told : String(Number(location.port || 80) + 1)
  byId('ons-broker', HTMLInputElement).value = `ws://${location.hostname}:${port}/mqtt`
}

// ── Connection ─────────────────────────────────────────────────────────────────────────────────

export function startBroker() {
  const form = byId('ons-mqtt-form', HTMLFormElement)
  const slot = byId('ons-mqtt-errors', HTMLElement)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    perform({
      button: byId('ons-connect', HTMLButtonElement),
      slot,
      form,
      doing: 'Connecting…',
      call: async (signal) => {
        if (!known) throw new Error('Register or get a credential first')
        const { login, instanceId } = known
        const typed = fieldText(form, 'broker').trim()
        const address = typed || `wss://${instanceId}.mqtt.aliyuncs.com/mqtt`
        disconnectBroker()
        const client = await connect(address, login, signal)
        follow(client)
        return `Connected as ${login.clientId}`
      },
    })
  })
  byId('ons-disconnect', HTMLButtonElement).addEventListener('click', () => {
    disconnectBroker()
    byId('ons-connect', HTMLButtonElement).focus()
    say('Disconnected from the broker')
  })
  startTalk(slot)
  draw()
}

export function disconnectBroker() {
  const client = connected
  connected = undefined
  client?.end(true)
  draw()
}

/** @param {MqttClient} client */
function follow(client) {
  connected = client
  client.on('message', (topic, payload) => addMessage(String(topic), payload))
  client.on('close', () => {
    if (connected !== client) return
    disconnectBroker()
    say('The broker ended the connection')
  })
  draw()
}

/**
 * @param {string} address
 * @param {import('northbound').MqttLogin} login
 * @param {AbortSignal} signal
 * @returns {Promise<MqttClient>}
 */
async function connect(address, login, signal) {
  check(address)
  const { default: mqtt } = await import(BUNDLE).catch((cause) => {
    throw new PageError({
      title: 'The MQTT client could not be loaded',
      meaning: `${BUNDLE} is not served beside this page, or is damaged (${cause}).`,
      remedy:
        'Run “npm install” and serve the folder node_modules/mqtt/dist/ as /mqtt/, as “make demo” does.',
    })
  })
  signal.throwIfAborted()
  /** @type {MqttClient} */
  const client = mqtt.connect(address, {
    ...login,
    protocolVersion: 4,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_MS,
    // The default is a worker from a blob, which the page's policy forbids.
    timerVariant: 'native',
  })
  try {
    await new Promise((resolve, reject) => {
      const blocked = () => reject(policyError(address))
      document.addEventListener('securitypolicyviolation', blocked, { once: true })
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      client.on('connect', resolve)
      client.on('error', (error) => reject(refusal(error) ?? noAnswer(address, error)))
      client.on('close', () => {
        document.removeEventListener('securitypolicyviolation', blocked)
        reject(noAnswer(address))
      })
    })
  } catch (error) {
    client.end(true)
    throw error
  }
  return client
}

/** @param {string} address */
function check(address) {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url && /^wss?:$/.test(url.protocol) && !url.username && !url.password) return
  throw new PageError({
    title: 'This is no address of a broker',
    meaning: 'A page reaches a broker over WebSocket only: ws:// on this machine, else wss://.',
    remedy: 'Give for example wss://post-cn-example.mqtt.aliyuncs.com/mqtt, without user names.',
  })
}

/** @param {string} address */
function policyError(address) {
  return new PageError({
    title: 'The page’s policy does not allow this address',
    meaning: `${new URL(address).host} is neither this machine nor below mqtt.aliyuncs.com.`,
    remedy: 'Add it to connect-src of the Content-Security-Policy in index.html.',
  })
}

/** @param {unknown} error */
function refusal(error) {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code !== 'number') return undefined
  const [title, meaning, remedy] = REFUSALS[code] ?? [
    'The broker refused the connection',
    'MQTT 3.1.1 has no such code.',
    'Look the code up in the documents of the broker.',
  ]
  return new PageError({ code: `[CONNACK ${code}]`, title, meaning, remedy })
}

/**
 * @param {string} address
 * @param {unknown} [error]
 */
function noAnswer(address, error) {
  const detail = error instanceof Error && error.message ? ` (${error.message})` : ''
  return new PageError({
    title: 'The broker did not answer',
    meaning: `No MQTT connection to ${new URL(address).host} came about${detail}.`,
    remedy: 'Check the address and that the broker is up. A page on https reaches wss:// only.',
  })
}

// ── Messages ───────────────────────────────────────────────────────────────────────────────────

/** @param {HTMLElement} slot */
function startTalk(slot) {
  const subscribe = byId('ons-subscribe-form', HTMLFormElement)
  subscribe.addEventListener('submit', (event) => {
    event.preventDefault()
    const topic = fieldText(subscribe, 'topic')
    perform({
      button: byId('ons-subscribe', HTMLButtonElement),
      slot,
      doing: 'Subscribing…',
      call: async (signal) => {
        await settled(signal, (client, done) =>
          client.subscribe(topic, { qos: 1 }, (error, granted) => {
            const refused = granted?.some(({ qos }) => qos >= 128)
            done(error ?? (refused ? new Error(`The broker refused ${topic}`) : undefined))
          }),
        )
        return `Subscribed to ${topic}`
      },
    })
  })
  const publish = byId('ons-publish-form', HTMLFormElement)
  publish.addEventListener('submit', (event) => {
    event.preventDefault()
    const topic = fieldText(publish, 'topic')
    perform({
      button: byId('ons-publish', HTMLButtonElement),
      slot,
      doing: 'Publishing…',
      call: async (signal) => {
        const message = fieldText(publish, 'message')
        await settled(signal, (client, done) => client.publish(topic, message, { qos: 1 }, done))
        return `Published to ${topic}`
      },
    })
  })
  byId('ons-messages-clear', HTMLButtonElement).addEventListener('click', () => {
    byId('ons-messages', HTMLElement).replaceChildren()
    drawMessages()
  })
  drawMessages()
}

/**
 * @param {AbortSignal} signal
 * @param {(client: MqttClient, done: (error?: Error | null) => void) => void} act
 */
async function settled(signal, act) {
  const client = connected
  if (!client) throw new Error('Connect first')
  await new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    client.on('close', () => reject(new Error('The broker ended the connection')))
    act(client, (error) => (error ? reject(error) : resolve(undefined)))
  })
}

/**
 * @param {string} topic
 * @param {Uint8Array} payload
 */
function addMessage(topic, payload) {
  const list = byId('ons-messages', HTMLElement)
  const row = document.createElement('li')
  row.dataset['testid'] = 'ons-message'
  row.append(
    textElement('span', 'event-time', formatClock(new Date())),
    textElement('span', 'event-what', topic),
    textElement('span', 'event-text mono', readable(payload)),
    textElement('span', 'event-duration', `${payload.length} B`),
  )
  list.prepend(row)
  while (list.childElementCount > MOST_MESSAGES) list.lastElementChild?.remove()
  drawMessages()
}

/** @param {Uint8Array} payload */
function readable(payload) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(payload)
    return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text
  } catch {
    return '(no text)'
  }
}

function drawMessages() {
  const list = byId('ons-messages', HTMLElement)
  list.hidden = list.childElementCount === 0
  byId('ons-messages-empty', HTMLElement).hidden = !list.hidden
}

function draw() {
  const state = byId('ons-mqtt-state', HTMLElement)
  if (connected) setBadge(state, 'connected', 'good')
  else if (known && !known.valid) setBadge(state, 'credential unregistered', 'bad')
  else setBadge(state, known ? 'not connected' : 'no login')
  byId('ons-login', HTMLElement).hidden = !known
  byId('ons-login-none', HTMLElement).hidden = Boolean(known)
  byId('ons-disconnect', HTMLElement).hidden = !connected
  byId('ons-talk', HTMLElement).hidden = !connected
  for (const [id, usable] of /** @type {const} */ ([
    ['ons-mqtt-form', Boolean(known)],
    ['ons-subscribe-form', Boolean(connected)],
    ['ons-publish-form', Boolean(connected)],
  ])) {
    const fieldset = byId(id, HTMLFormElement).querySelector('fieldset')
    if (fieldset) fieldset.disabled = !usable
  }
}
