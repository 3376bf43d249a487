// The soak: a mixed load under random faults and short lives of tokens, for minutes. Every call has to
// settle, every success to be confirmed by the platform's journal, and memory to stay flat.

import { parseArgs } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'

import { ACCESS_KEY } from '../js/support/aliyun.js'
import { FAULTS } from '../chaos/faults.js'
import { startProxy } from '../chaos/proxy.js'
import { memory, watchWasmMemory } from '../chaos/summary.js'
import { startWorld } from '../chaos/world.js'
import { lane, pick } from './load.js'
import { flat, head, Tally } from './report.js'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '15' } } })
const minutes = Number(values.minutes)
if (!(minutes > 0)) throw new Error(`--minutes ${values.minutes} is no time`)

/** Between two lines of the curve; a short run has as many as prove something. */
const INTERVAL_MS = Math.min(30_000, (minutes * 60_000) / 6)

/** How often an answer meets a fault. */
const FAULT_RATE = 0.06

/** Longer than every limit of a call together: what has not settled by then never will. */
const LOST_MS = 60_000

/** Those that a proxy can play, and after which a client can tell one answer from another. */
const PLAYED = FAULTS.filter(({ refuses, lasts }) => !refuses && !lasts)

const wasmBytes = watchWasmMemory()
/** @type {string[]} */
const violations = []
process.on('unhandledRejection', (error) => violations.push(`unhandled rejection: ${error}`))
process.on('uncaughtException', (error) => violations.push(`uncaught exception: ${error.stack}`))

// Tokens that live five seconds, as the platform says and does.
const world = await startWorld(1, { args: ['--token-life-s', '5', '--latency-ms', '5'] })
const { northbound, simulator } = world
const proxy = await startProxy(simulator.http)
const tally = new Tally(northbound)
const devices = await addDevices(8)
const { north, ons } = makeClients()

let inFlight = 0
const tools = { north, ons, devices, attempt }

console.log(head())
/** @type {Awaited<ReturnType<typeof memory>>[]} */
const curve = []
const end = performance.now() + minutes * 60_000
for (let round = 0; performance.now() < end; round += 1) {
  const lanes = [16, 32, 64, 48][round % 4] ?? 16
  await load(lanes, Math.min(performance.now() + INTERVAL_MS, end))
  const { calls } = await simulator.control('GET', '/journal')
  violations.push(...tally.confirm(calls))
  await simulator.control('DELETE', '/journal')
  const now = await memory(wasmBytes)
  curve.push(now)
  console.log(tally.line(now, lanes, minutes * 60 - (end - performance.now()) / 1000))
}
violations.push(...tally.wrong, ...flat(curve))
console.log(`\n${tally.table()}\n`)
await proxy.stop()
await world.stop()
for (const violation of violations) console.error(`VIOLATION: ${violation}`)
console.log(violations.length === 0 ? 'All promises are kept.' : `${violations.length} violations`)
process.exit(violations.length === 0 ? 0 : 1)

/** Runs so many lanes until then, and waits until the last call has settled. @param {number} lanes @param {number} until */
async function load(lanes, until) {
  proxy.faulty(() => (Math.random() < FAULT_RATE ? tally.faulted(pick(PLAYED)) : undefined))
  const running = Array.from({ length: lanes }, () => lane(tools, () => performance.now() < until))
  const killing = setInterval(() => void simulator.control('POST', '/tokens/kill'), 2700)
  const settled = await Promise.race([
    Promise.all(running).then(() => true),
    sleep(until - performance.now() + LOST_MS, false, { ref: false }),
  ])
  clearInterval(killing)
  if (!settled) violations.push(`${inFlight} calls have not settled in ${LOST_MS / 1000} s`)
  proxy.faulty(() => undefined)
  proxy.take()
}

/**
 * Makes a call, and counts what comes of it.
 * @type {import('./load.js').Tools['attempt']}
 */
async function attempt(call, claim) {
  inFlight += 1
  const start = performance.now()
  try {
    const result = await call()
    tally.succeeded(claim(result), performance.now() - start)
    return result
  } catch (error) {
    tally.failed(error, performance.now() - start)
    return undefined
  } finally {
    inFlight -= 1
  }
}

/** @param {number} count */
async function addDevices(count) {
  const made = Array.from({ length: count }, (_, number) => `soaked-${number}`)
  for (const deviceId of made) await world.addDevice(deviceId, 'app-0')
  return made
}

/** Two clients of each platform, one on each sender; those of Huawei share a token. */
function makeClients() {
  const tokenStore = northbound.memoryTokenStore()
  const retry = { attempts: 3, baseDelayMs: 20, maxDelayMs: 200, totalMs: 6000 }
  const senders = [world.nodeFetch(), undefined]
  const options = { timeoutMs: 1500, retry, throttle: /** @type {const} */ (false) }
  const app = { .../** @type {any} */ (world.lanes[0]).app, baseUrl: proxy.address }
  const config = { endpoint: proxy.address, credentials: ACCESS_KEY }
  return {
    north: senders.map(
      (fetch) => new northbound.NorthApiClient(app, { ...options, fetch, tokenStore }),
    ),
    ons: senders.map((fetch) => new northbound.OnsMqttClient(config, { ...options, fetch })),
  }
}
