// Prints what a call costs in Node by each sender, in processor time: the lean one, and the global fetch.
// Run: node scripts/lib/measure-senders.mjs, after scripts/pkg. Machines differ, so nothing is asserted.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'

const CALLS = 1000
const ROUNDS = 5
const SENDERS = {
  'the lean sender': undefined,
  'the global fetch': (/** @type {string} */ url, /** @type {any} */ init) => fetch(url, init),
}

/**
 * Microseconds for a call, in this process.
 * @param {string} baseUrl
 * @param {keyof typeof SENDERS} name
 */
async function measured(baseUrl, name) {
  /** @type {typeof import('northbound')} */
  const { NorthApiClient } = await import(new URL('../../pkg/node.js', import.meta.url).href)
  const app = { appId: 'app1', secret: 's', baseUrl }
  const client = new NorthApiClient(app, { fetch: SENDERS[name], throttle: false })
  const call = () => client.queryDeviceStatus({ deviceId: 'd' }, { accessToken: 'at' })
  for (let warm = 0; warm < CALLS / 5; warm += 1) await call()
  const begin = process.cpuUsage()
  for (let sent = 0; sent < CALLS; sent += 1) await call()
  const { user, system } = process.cpuUsage(begin)
  return (user + system) / CALLS
}

async function main() {
  const server = http.createServer((_, response) =>
    response.end('{"deviceId":"d","activated":true,"name":null}'),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  for (const name of Object.keys(SENDERS)) {
    const costs = []
    for (let round = 0; round < ROUNDS; round += 1) {
      // A process of its own, so that the server's work does not count.
      const child = fork(new URL(import.meta.url), [`http://127.0.0.1:${port}`, name])
      costs.push((await once(child, 'message'))[0])
    }
    const median = costs.sort((a, b) => a - b)[(ROUNDS - 1) / 2]
    console.log(`${name.padEnd(18)}${Math.round(median)} µs of processor time for a call`)
  }
  server.close()
}

const [baseUrl, name] = process.argv.slice(2)
if (baseUrl === undefined) await main()
else process.send?.(await measured(baseUrl, /** @type {keyof typeof SENDERS} */ (name)))
