// One connection to a broker: MQTT 3.1.1 over WebSocket.
//
// u8-mqtt codes the packets: 5 KB gzip, no dependencies, neither eval nor workers, so the page's policy
// stays strict, and version 0.6.7 is of January 2026. The others that are kept well cost more or fit less:
// `mqtt` has 105 KB gzip, `mqtt-packet` needs Buffer and streams of Node; `paho-mqtt` (8 KB) was last
// released in 2018. Small enough to come with the page, so nothing is loaded later that could fail.

import type { MqttLogin } from 'northbound'
import { mqtt } from 'u8-mqtt/esm/web/basic-v4.js'

import {
  ended,
  filterRefused,
  forbidden,
  late,
  noAddress,
  refused,
  silent,
  unanswered,
} from './refusals.ts'

const CONNECT_MS = 10_000
const ANSWER_MS = 10_000
const KEEP_ALIVE_S = 60
/** A ping is answered within the interval to the next one, or the connection is dead. */
const SILENCE_MS = 1.5 * KEEP_ALIVE_S * 1000

export interface Delivery {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: number
  readonly retain: boolean
}

export interface Link {
  readonly host: string
  readonly since: number
  /** Gives the quality of service that the broker grants. */
  subscribe(filter: string, qos: number): Promise<number>
  unsubscribe(filter: string): Promise<void>
  /** Done when the broker has confirmed it, at QoS 0 when it was sent. */
  publish(topic: string, payload: Uint8Array, qos: number): Promise<void>
  close(): void
}

interface Hooks {
  /** Ends the attempt to connect. */
  signal: AbortSignal
  onMessage(message: Delivery): void
  /** The connection is gone, and not by `close`. */
  onEnd(error: Error): void
}

export async function connect(address: string, login: MqttLogin, hooks: Hooks): Promise<Link> {
  const host = hostOf(address)
  const socket = new WebSocket(address, ['mqtt'])
  // Chromium does not even begin with what the policy forbids.
  if (socket.readyState === WebSocket.CLOSED) throw forbidden(host)
  const lost = failure()
  // Whoever waits for an answer hears of it; nobody has to wait.
  lost.promise.catch(() => {})
  let up = false
  let closed = false

  const lose = (error: Error) => {
    if (closed) return
    closed = true
    clearInterval(watch)
    lost.reject(error)
    socket.close()
    if (up) hooks.onEnd(error)
  }
  let heard = Date.now()
  const watch = setInterval(() => {
    if (Date.now() - heard > SILENCE_MS) lose(silent(host, SILENCE_MS))
  }, 5000)
  socket.addEventListener('message', () => {
    heard = Date.now()
  })
  socket.addEventListener('close', ({ code }) => lose(up ? ended(host, code) : unanswered(host)))

  const client = mqtt({
    on_mqtt_type: {
      mqtt_publish(packet) {
        hooks.onMessage({
          topic: packet.topic,
          // A copy: the packet is a part of a larger buffer.
          payload: packet.payload.slice(),
          qos: packet.qos,
          retain: packet.retain,
        })
        if (packet.qos > 0) void client.puback(packet)
      },
    },
    // The socket's own events tell it all; nothing may stand in the browser's console.
    on_error: () => {},
    on_disconnect: () => {},
    log_conn: () => {},
  }).with_websock(socket)

  const answer = async <T>(asked: Promise<T>): Promise<T> => {
    const timer = failure()
    const timeout = setTimeout(() => timer.reject(late(ANSWER_MS)), ANSWER_MS)
    try {
      return await Promise.race([asked, lost.promise, timer.promise])
    } finally {
      clearTimeout(timeout)
    }
  }

  const blocked = () => lose(forbidden(host))
  const aborted = () => lose(hooks.signal.reason as Error)
  const timeout = setTimeout(() => lose(unanswered(host)), CONNECT_MS)
  document.addEventListener('securitypolicyviolation', blocked, { once: true })
  hooks.signal.addEventListener('abort', aborted, { once: true })
  try {
    const { clientId, username, password } = login
    const asked = client.connect({
      client_id: clientId,
      username,
      password,
      keep_alive: KEEP_ALIVE_S,
      flags: { clean_start: true },
    })
    await Promise.race([asked, lost.promise])
    up = true
  } catch (error) {
    const code = connackCode(error)
    // Anything else is said better by how the socket ends, which follows.
    const told = code === undefined ? await reason(lost.promise) : refused(code, login.username)
    lose(told)
    throw told
  } finally {
    clearTimeout(timeout)
    document.removeEventListener('securitypolicyviolation', blocked)
    hooks.signal.removeEventListener('abort', aborted)
  }

  return {
    host,
    since: Date.now(),
    async subscribe(filter, qos) {
      const [packet] = await answer(client.subscribe([[filter, { qos }]]))
      const granted = Number(packet?.answers?.[0] ?? 0x80)
      if (granted >= 0x80) throw filterRefused(filter)
      return granted
    },
    async unsubscribe(filter) {
      await answer(client.unsubscribe([filter]))
    },
    async publish(topic, payload, qos) {
      const packet = { topic, payload, qos }
      // `pub` of 0.6.7 waits for an answer at QoS 0 too, and fails; this is what it calls.
      if (qos === 0) await answer(client._send('publish', packet))
      else if (!(await answer(client.pub(packet)))[0]) throw late(ANSWER_MS)
    },
    close() {
      if (closed) return
      closed = true
      clearInterval(watch)
      lost.reject(new Error('disconnected'))
      void client.disconnect().finally(() => socket.close())
    },
  }
}

function hostOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !/^wss?:$/.test(url.protocol)) throw noAddress()
  // What browsers take in no address of a WebSocket, or would show to others.
  if (url.username || url.password || url.hash) throw noAddress()
  return url.host
}

/** Of an error of `client.connect`; the number is an object there. */
function connackCode(error: unknown): number | undefined {
  const reason = error instanceof Error && 'reason' in error ? error.reason : undefined
  return reason instanceof Number ? Number(reason) : undefined
}

async function reason(lost: Promise<never>): Promise<Error> {
  try {
    return await lost
  } catch (error) {
    return error as Error
  }
}

/** A promise that only ever fails, when it is told to. */
function failure(): { promise: Promise<never>; reject: (error: unknown) => void } {
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<never>((_resolve, refuse) => {
    reject = refuse
  })
  return { promise, reject }
}
