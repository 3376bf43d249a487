// The load that every sharer runs, the same in a Node process, a tab and a worker: so many calls on
// devices, several at once, with random pauses, and a count of what came back.

/**
 * @typedef {object} Load
 * @property {number} calls calls in all, by all clients of this sharer together
 * @property {number} lanes calls that each client makes at once
 * @property {number} seconds the time that the calls are spread over; 0: as fast as they go
 * @property {string[]} devices the devices that the calls are about, offline ones
 */

/**
 * @typedef {object} Outcome
 * @property {number} calls calls that ended, well or not
 * @property {number} failed calls that rejected, or answered something else than they were asked
 * @property {Record<string, number>} errors how often each kind of failure was seen
 * @property {number} slowestMs the longest call
 */

/**
 * @param {import('northbound').NorthApiClient[]} clients
 * @param {Load} load
 * @returns {Promise<Outcome>}
 */
export async function runLoad(clients, { calls, lanes, seconds, devices }) {
  /** @type {Outcome} */
  const outcome = { calls: 0, failed: 0, errors: {}, slowestMs: 0 }
  // Spread over all lanes, the pauses stretch the load to the seconds wanted.
  const pauseMs = (seconds * 1000 * lanes * clients.length) / calls
  let begun = 0

  /** @param {import('northbound').NorthApiClient} client */
  async function lane(client) {
    // Not all at the same moment, as they would come from people.
    await pause(Math.random() * pauseMs)
    while (begun < calls) {
      begun += 1
      await one(client, begun)
      await pause(Math.random() * 2 * pauseMs)
    }
  }

  /** @param {import('northbound').NorthApiClient} client @param {number} number */
  async function one(client, number) {
    const deviceId = devices[number % devices.length] ?? ''
    const start = performance.now()
    try {
      await (number % 3 === 0 ? refreshKey(client, deviceId) : queryStatus(client, deviceId))
    } catch (error) {
      outcome.failed += 1
      const name = nameOf(error)
      outcome.errors[name] = (outcome.errors[name] ?? 0) + 1
    }
    outcome.calls += 1
    outcome.slowestMs = Math.max(outcome.slowestMs, performance.now() - start)
  }

  await Promise.all(clients.flatMap((client) => Array.from({ length: lanes }, () => lane(client))))
  return outcome
}

/** @param {import('northbound').NorthApiClient} client @param {string} deviceId */
async function queryStatus(client, deviceId) {
  const answer = await client.queryDeviceStatus({ deviceId })
  if (answer.deviceId !== deviceId) throw new Error('the answer is about another device')
}

/** @param {import('northbound').NorthApiClient} client @param {string} deviceId */
async function refreshKey(client, deviceId) {
  const verifyCode = crypto.randomUUID()
  const answer = await client.refreshDeviceKey({ deviceId, verifyCode })
  if (answer.verifyCode !== verifyCode) throw new Error('the answer has another code')
}

/** @param {any} error */
function nameOf(error) {
  const operation = error?.operation ? ` in ${error.operation}` : ''
  return `${error?.name ?? 'a thrown value'} ${error?.code ?? error?.message ?? ''}${operation}`
}

/** @param {number} ms */
function pause(ms) {
  return ms >= 1 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined
}

/**
 * The outcome of several sharers together.
 *
 * @param {Outcome[]} outcomes
 * @returns {Outcome}
 */
export function together(outcomes) {
  /** @type {Outcome} */
  const sum = { calls: 0, failed: 0, errors: {}, slowestMs: 0 }
  for (const { calls, failed, errors, slowestMs } of outcomes) {
    sum.calls += calls
    sum.failed += failed
    sum.slowestMs = Math.max(sum.slowestMs, slowestMs)
    for (const [name, count] of Object.entries(errors)) {
      sum.errors[name] = (sum.errors[name] ?? 0) + count
    }
  }
  return sum
}
