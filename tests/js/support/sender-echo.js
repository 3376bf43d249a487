// A server whose answer tells which sender asked, and programs that ask it in a process of their own.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'

import { runModule } from './child.js'

/**
 * Answers `queryDeviceStatus` with the sender's name in place of the device's.
 * @type {http.RequestListener}
 */
const echo = (request, response) => {
  const { 'user-agent': agent, 'sec-fetch-mode': mode } = request.headers
  // Node's fetch sends these two; over node:http nobody adds them.
  const name = agent === 'node' && mode === 'cors' ? 'fetch' : agent || mode ? 'somebody' : 'http'
  response.end(JSON.stringify({ deviceId: 'dev-1', activated: true, name }))
}

/** @param {{ cert: string, key: string }} [tls] */
export async function startEcho(tls) {
  const server = tls ? https.createServer(tls, echo) : http.createServer(echo)
  const seen = { connections: 0, requests: 0 }
  server.on('connection', () => (seen.connections += 1))
  server.on('request', () => (seen.requests += 1))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return {
    seen,
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** The path that `ask` gets. */
export const PATH = '/iocm/app/reg/v1.1.0/deviceCredentials/dev-1'

/** The address of a module among the development tools, which the folder of the package does not have. */
export const tool = (/** @type {string} */ name) => JSON.stringify(import.meta.resolve(name))

/**
 * @typedef {Parameters<typeof runModule>[1] & { from?: string }} ProgramOptions where the package comes from,
 * and how the process is started
 */

/**
 * What a program tells that asks the server at `url`: the text is a module in which `await ask()` gives who
 * has sent the request (`http` the lean sender, `fetch` the global one) or the kind of the error, and
 * `tell()` adds to the answer.
 *
 * @param {string} url
 * @param {string} text
 * @param {ProgramOptions} [options]
 */
export async function told(url, text, options) {
  return (await ended(url, text, options)).told
}

/**
 * The same, with the time that the process took to end by itself.
 *
 * @param {string} url
 * @param {string} text
 * @param {ProgramOptions} [options]
 * @returns {Promise<{ told: any[], ms: number }>}
 */
export async function ended(url, text, { from = 'northbound', ...options } = {}) {
  const source = `
    const told = []
    const tell = (...values) => void told.push(...values)
    const url = ${JSON.stringify(url)}
    const load = () => import(${JSON.stringify(from)})
    let client
    const ask = async (options) => {
      const { NorthApiClient } = await load()
      client ??= new NorthApiClient(
        { appId: 'app1', secret: 's', baseUrl: url },
        { retry: false, throttle: false, timeoutMs: 5000, ...options },
      )
      const call = client.queryDeviceStatus({ deviceId: 'dev-1' }, { accessToken: 'at-1' })
      return call.then(({ name }) => name, ({ kind }) => kind)
    }
    ${text}
    const { writeSync } = await import('node:fs')
    const end = performance.now()
    process.on('exit', () => writeSync(1, JSON.stringify({ told, ms: performance.now() - end })))
  `
  const { code, stdout, stderr } = await runModule(source, options)
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout)
}
