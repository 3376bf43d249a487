// The matrix: every operation meets every fault, with retries and without, through both senders. Each cell
// has a client of its own, which has to work afterwards.

import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'

import { ACCESS_KEY, INSTANCE } from '../js/support/aliyun.js'
import { FAULTS, TIMEOUT_MS } from './faults.js'
import { judge } from './judge.js'
import { OPERATIONS } from './operations.js'
import { SENDERS } from './world.js'

/**
 * @typedef {import('./operations.js').Operation} Operation
 * @typedef {import('./faults.js').ChaosFault} ChaosFault
 * @typedef {import('./world.js').World} World
 * @typedef {import('./world.js').Lane} Lane
 * @typedef {Awaited<ReturnType<Lane['open']>>} Line
 */

/**
 * How a cell is run. `hits`: the fault meets the first request of the operation, each of them, or every
 * request of the client, its look-ups included.
 * @typedef {{ name: string, retry: boolean, hits: 'once' | 'each' | 'all', limitMs: number }} Mode
 */

/** Time for all attempts of a call, in milliseconds. */
const TOTAL_MS = 1500

/** What a busy machine may add. */
const PATIENCE_MS = 1500

/** @type {Mode[]} */
export const MODES = [
  { name: 'no retry', retry: false, hits: 'once', limitMs: TIMEOUT_MS + PATIENCE_MS },
  { name: 'retry, hit once', retry: true, hits: 'once', limitMs: TOTAL_MS + PATIENCE_MS },
  { name: 'retry, hit each', retry: true, hits: 'each', limitMs: TOTAL_MS + PATIENCE_MS },
  { name: 'retry, all hit', retry: true, hits: 'all', limitMs: TOTAL_MS + PATIENCE_MS },
]

/**
 * @typedef {{ operation: Operation, fault: ChaosFault, mode: Mode, sender: typeof SENDERS[number] }} Plan
 */

/** Every cell. @returns {Plan[]} */
export function wholeMatrix() {
  return OPERATIONS.flatMap((operation) =>
    FAULTS.flatMap((fault) =>
      MODES.flatMap((mode) => SENDERS.map((sender) => ({ operation, fault, mode, sender }))),
    ),
  )
}

/** Each fault with each operation once; modes and senders take turns. @returns {Plan[]} */
export function thinMatrix() {
  return OPERATIONS.flatMap((operation, row) =>
    FAULTS.map((fault, column) => {
      const mode = /** @type {Mode} */ (MODES[(row + column) % MODES.length])
      const sender = SENDERS[(row + (column >> 2)) % 2 === 0 ? 0 : 1]
      return { operation, fault, mode, sender: sender ?? 'nodeFetch' }
    }),
  )
}

/**
 * Runs cells, as many at a time as the world has lanes.
 * @param {World} world
 * @param {Plan[]} plans
 */
export async function runMatrix(world, plans) {
  /** @type {{ plan: Plan, came: string, stale: number, complaints: string[], tookMs: number }[]} */
  const cells = []
  let next = 0
  await Promise.all(
    world.lanes.map(async (lane) => {
      for (let plan = plans[next++]; plan !== undefined; plan = plans[next++]) {
        const name = `${lane.number}-cell-${next}`
        let cell = await runCell(world, lane, plan, name)
        // On a machine that is held up, whatever is quick may be late: with more time it is not.
        if (cell.came === 'timeout' && isWrong(cell)) {
          cell = await runCell(world, lane, plan, `${name}-again`, 4)
        }
        cells.push(cell)
      }
    }),
  )
  return cells
}

/** @param {{ complaints: string[] }} cell */
const isWrong = ({ complaints }) => complaints.length > 0

/** @param {Plan} plan */
export const nameOf = ({ operation, fault, mode, sender }) =>
  `${operation.name}, ${fault.name}, ${mode.name}, ${sender}`

/** @param {World} world @param {Lane} lane @param {Plan} plan @param {string} id */
async function runCell(world, lane, plan, id, slowness = 1) {
  const { operation, fault } = plan
  const mode = { ...plan.mode, limitMs: plan.mode.limitMs * slowness }
  const line = await lane.open()
  const client = makeClient(world, lane, line, plan, slowness)
  await operation.prepare(world, id)
  if (operation.platform === 'huawei' && !operation.cold) {
    await patiently(() => /** @type {any} */ (client).getAuthToken())
  }
  line.take()

  let left = mode.hits === 'once' ? 1 : Infinity
  line.meet(fault, (asked) => (mode.hits === 'all' || asked === operation.hit) && left-- > 0)
  const start = performance.now()
  const settled = await operation.call(client, id).then(
    (/** @type {any} */ result) => ({ result }),
    (/** @type {any} */ error) => ({ error }),
  )
  const outcome = { ...settled, tookMs: performance.now() - start }
  line.meet()
  const cell = { operation, fault, mode, id, outcome, passed: line.take() }
  const { came, complaints } = judge(cell, world.northbound, world.secrets)
  if (fault.lasts) {
    await line.quiet()
    await sleep(30)
  }
  const { stale, wrong } = await usable(client, lane, operation.platform)
  client.free()
  await line.stop()
  return { plan, came, stale, complaints: [...complaints, ...wrong], tookMs: outcome.tookMs }
}

/** @param {World} world @param {Lane} lane @param {Line} line @param {Plan} plan @param {number} slowness */
function makeClient(
  { northbound },
  { app },
  { address, senders },
  { operation, mode, sender },
  slowness,
) {
  const retry = mode.retry
    ? { attempts: 3, baseDelayMs: 5, maxDelayMs: 20, totalMs: TOTAL_MS * slowness }
    : /** @type {const} */ (false)
  const options = {
    fetch: senders[sender],
    timeoutMs: TIMEOUT_MS * slowness,
    retry,
    throttle: /** @type {const} */ (false),
  }
  if (operation.platform === 'huawei') {
    return new northbound.NorthApiClient({ ...app, baseUrl: address }, options)
  }
  const config = { endpoint: address, credentials: ACCESS_KEY }
  return new northbound.OnsMqttClient(config, options)
}

/**
 * A call that no fault meets: where the machine is held up, it is made again.
 * @template T
 * @param {() => Promise<T>} call
 * @param {(kind: string) => boolean} [forgives]
 * @returns {Promise<T>}
 */
async function patiently(call, forgives = () => false, left = 10) {
  try {
    return await call()
  } catch (error) {
    const { kind } = /** @type {any} */ (error)
    if (left === 0 || (kind !== 'timeout' && !forgives(kind))) throw error
    return patiently(call, forgives, left - 1)
  }
}

/**
 * Whether a client answers normal calls, rightly. A connection that was closed meanwhile may cost one call
 * each, if the client does not try again.
 * @param {any} client
 * @param {Lane} lane
 * @param {'huawei' | 'aliyun'} platform
 */
async function usable(client, { devices }, platform) {
  let stale = 0
  /** @type {string[]} */
  const wrong = []
  for (const deviceId of devices) {
    const asked = `GID_lanes@@@${deviceId}`
    const call = async () => {
      if (platform === 'huawei') return (await client.queryDeviceStatus({ deviceId })).deviceId
      const device = { clientId: asked, instanceId: INSTANCE }
      return (await client.getDeviceCredential(device)).deviceCredential.clientId.slice(12)
    }
    try {
      const answered = await patiently(call, (kind) => {
        stale += 1
        return kind === 'network' && stale === 1
      })
      if (answered !== deviceId) wrong.push(`the next call was answered for ${answered}`)
    } catch (error) {
      wrong.push(`the next call failed: ${inspect(error)}`)
    }
  }
  return { stale, wrong }
}
