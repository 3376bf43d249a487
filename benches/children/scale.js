// Calls that wait for one token: the processor time of one of them, from when it is made until it is answered.

import { given, since, tell } from '../measure.js'
import { APP, KEY_INPUT } from '../subject.js'
import { northbound } from '../peers/northbound.js'

const { waiting, atLeast } = given()
const encoder = new TextEncoder()

await measure(100, 20 * 100)
const figures = []
for (const count of waiting) figures.push({ count, us: await measure(count, atLeast) })
tell(figures)

/** @param {number} count @param {number} calls in all at least */
async function measure(count, calls) {
  let took = 0
  let done = 0
  for (; done < calls; done += count) took += await once(count)
  return took / done
}

/** Microseconds of processor time for so many calls of one new client. @param {number} count */
async function once(count) {
  let sent = 0
  /** @type {(value?: unknown) => void} */
  let answerLogin = () => {}
  const granted = new Promise((resolve) => (answerLogin = resolve))
  const client = new northbound.NorthApiClient(
    { ...APP, baseUrl: 'http://127.0.0.1:8080' },
    {
      throttle: false,
      timeoutMs: 0,
      async fetch(url) {
        if (!url.endsWith('/login')) return answer('{"verifyCode":"0123456789","timeout":3600}')
        sent += 1
        await granted
        return answer(
          '{"accessToken":"at-1","refreshToken":"rt-1","tokenType":"bearer","expiresIn":3600,"scope":"default"}',
        )
      },
    },
  )
  const begin = process.cpuUsage()
  const calls = Array.from({ length: count }, () => client.refreshDeviceKey(KEY_INPUT))
  // Until all of them wait.
  await new Promise((resolve) => setImmediate(resolve))
  answerLogin()
  await Promise.all(calls)
  const took = since(begin)
  client.free()
  if (sent !== 1) throw new Error(`${count} calls logged in ${sent} times`)
  return took
}

/** @param {string} text */
function answer(text) {
  const bytes = encoder.encode(text)
  return { status: 200, headers: { get: () => null }, arrayBuffer: async () => bytes.buffer }
}
