// A reverse proxy that breaks answers on purpose: bytes to the client are written by hand, so that they can
// be wrong in every way that a line, a gateway or an attacker may bring about.

import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'

/**
 * A request as it came in.
 * @typedef {{ method: string, path: string, headers: Record<string, string>, body: string }} Asked
 */

/**
 * What the platform answered: its words, before anything is done to them.
 * @typedef {{ status: number, headers: [string, string][], body: Buffer }} Answer
 */

/**
 * A request that is to be answered, wrongly.
 * @typedef {object} Exchange
 * @property {net.Socket} socket to the client
 * @property {Asked} asked
 * @property {Answer} answer the platform's; an empty one where the fault keeps the request from it
 * @property {Answer} other an answer to another operation, of other members
 * @property {AbortSignal} signal aborted when the connection is over
 */

/**
 * @typedef {object} Fault
 * @property {string} name
 * @property {boolean} acts whether the platform gets the request
 * @property {(exchange: Exchange) => unknown} play
 */

/**
 * A request that the platform has answered, or that a fault has kept from it.
 * @typedef {{ operation: string, asked: Asked, answer?: Answer, fault?: string }} Passed
 */

/**
 * The operation that a request belongs to, as the package calls it.
 * @param {Asked} asked
 */
export function operationOf({ method, path, headers }) {
  const action = headers['x-acs-action'] ?? new URLSearchParams(path.split('?')[1]).get('Action')
  if (action) return action.charAt(0).toLowerCase() + action.slice(1)
  if (path.endsWith('/login')) return 'getAuthToken'
  if (path.endsWith('/refreshToken')) return 'refreshAuthToken'
  const names = /** @type {Record<string, string>} */ ({
    POST: 'regDirectDevice',
    PUT: 'refreshDeviceKey',
    GET: 'queryDeviceStatus',
    DELETE: 'deleteDirectDevice',
  })
  return names[method] ?? method
}

/**
 * The bytes of a whole answer.
 * @param {Answer} answer
 */
export function bytesOf({ status, headers, body }) {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const head = `HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? 'Odd'}\r\n${lines}`
  return Buffer.concat([Buffer.from(`${head}content-length: ${body.length}\r\n\r\n`), body])
}

/**
 * @param {string} upstream where the platform is
 */
export async function startProxy(upstream) {
  /** @type {Set<net.Socket>} */
  const sockets = new Set()
  /** @type {Passed[]} */
  const passed = []
  /** @type {Map<string, Answer>} */
  const latest = new Map()
  /** @type {(operation: string) => Fault | undefined} */
  let choose = () => undefined
  /** @type {Set<Promise<unknown>>} */
  const playing = new Set()
  const agent = new http.Agent({ keepAlive: true })
  // Without delay: what is said later would wait for the client's next word, and come after it.
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    requests(socket, (asked) => serve(socket, asked))
  })

  /** @param {net.Socket} socket @param {Asked} asked */
  async function serve(socket, asked) {
    const operation = operationOf(asked)
    const fault = choose(operation)
    /** @type {Passed} */
    const seen = { operation, asked, ...(fault && { fault: fault.name }) }
    passed.push(seen)
    if (fault === undefined || fault.acts) seen.answer = await forward(asked)
    const { answer } = seen
    const other = [...latest.values()].find(
      (known) => shapeOf(known) !== shapeOf(answer ?? NOTHING),
    )
    if (answer?.status === 200) latest.set(operation, answer)
    if (fault === undefined) return void socket.write(bytesOf(answer ?? NOTHING))
    const over = new AbortController()
    socket.once('close', () => over.abort())
    if (socket.destroyed) return
    const exchange = { socket, asked, answer: answer ?? NOTHING, other: other ?? NOTHING }
    const played = Promise.resolve(fault.play({ ...exchange, signal: over.signal }))
    playing.add(played)
    await played.finally(() => playing.delete(played))
  }

  /** @param {Asked} asked @returns {Promise<Answer>} */
  async function forward({ method, path, headers, body }) {
    const { connection: _, 'content-length': __, ...rest } = headers
    const request = http.request(`${upstream}${path}`, { method, headers: rest, agent })
    request.end(body === '' ? undefined : body)
    const [response] = await once(request, 'response')
    const chunks = []
    for await (const chunk of response) chunks.push(chunk)
    const kept = Object.entries(response.headers).filter(([name]) => !HOP_BY_HOP.includes(name))
    return {
      status: response.statusCode,
      headers: /** @type {any} */ (kept),
      body: Buffer.concat(chunks),
    }
  }

  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = /** @type {net.AddressInfo} */ (server.address())
  return {
    address: `http://127.0.0.1:${port}`,
    /** Which fault an operation meets from now on. @param {typeof choose} chooser */
    faulty(chooser) {
      choose = chooser
    },
    /** What has passed since this was asked for last. */
    take: () => passed.splice(0),
    /** Until what the faults had to say is said. */
    quiet: () => Promise.allSettled([...playing]),
    async stop() {
      for (const socket of sockets) socket.destroy()
      agent.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** @typedef {Awaited<ReturnType<typeof startProxy>>} Proxy */

/** @type {Answer} */
const NOTHING = {
  status: 200,
  headers: [['content-type', 'application/json']],
  body: Buffer.alloc(0),
}

/** The names of an answer's members. @param {Answer} answer */
const shapeOf = ({ body }) =>
  [...body.toString().matchAll(/"(\w+)":/g)]
    .map(([, name]) => name)
    .sort()
    .join()

/** What is said between two neighbours, and not to the client. */
const HOP_BY_HOP = ['connection', 'content-length', 'keep-alive', 'transfer-encoding']

/**
 * Reads requests, one after another. Both senders tell the length of a body.
 * @param {net.Socket} socket
 * @param {(asked: Asked) => Promise<unknown>} serve
 */
function requests(socket, serve) {
  let pending = Buffer.alloc(0)
  let served = Promise.resolve()
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk])
    for (;;) {
      const end = pending.indexOf('\r\n\r\n')
      if (end < 0) return
      const [first = '', ...lines] = pending.toString('latin1', 0, end).split('\r\n')
      const headers = Object.fromEntries(
        lines.map((line) => {
          const colon = line.indexOf(':')
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
        }),
      )
      const whole = end + 4 + Number(headers['content-length'] ?? 0)
      if (pending.length < whole) return
      const body = pending.toString('utf8', end + 4, whole)
      pending = pending.subarray(whole)
      const [method = '', path = ''] = first.split(' ')
      // A connection that is cut while the platform is asked is the client's to notice.
      const next = () => serve({ method, path, headers, body }).catch(() => void socket.destroy())
      served = served.then(next).then(() => {})
    }
  })
}
