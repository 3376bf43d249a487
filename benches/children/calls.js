// Whole calls over loopback by one client: wall and processor time of one, with so many at a time.

import { callerOf } from '../callers.js'
import { given, since, tell } from '../measure.js'

const { who, endpoint, lanes, warmCalls, warmMs, measureMs } = given()
const call = await callerOf(who).call(endpoint)

// Compilers and connections: it takes thousands of calls until a call costs what it goes on to cost.
await run(Math.max(...lanes), warmMs, warmCalls)
const figures = []
for (const count of lanes) {
  await run(count, warmMs / 20)
  const cpu = process.cpuUsage()
  const { calls, tookMs } = await run(count, measureMs)
  const cpuUs = since(cpu) / calls
  figures.push({ lanes: count, perSecond: (calls / tookMs) * 1000, cpuUs })
}
tell(figures)

/**
 * Keeps so many calls under way for a while, or until enough were made.
 * @param {number} count @param {number} forMs @param {number} enough
 */
async function run(count, forMs, enough = Infinity) {
  const start = performance.now()
  let calls = 0
  const lane = async () => {
    do {
      await call()
      calls += 1
    } while (performance.now() - start < forMs && calls < enough)
  }
  await Promise.all(Array.from({ length: count }, lane))
  return { calls, tookMs: performance.now() - start }
}
