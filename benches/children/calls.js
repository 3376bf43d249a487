// Whole calls over loopback by one client: wall and processor time of one, with so many at a time.

import { callerOf } from '../callers.js'
import { given, tell } from '../measure.js'

const { who, endpoint, lanes, warmMs, measureMs } = given()
const call = await callerOf(who).call(endpoint)

// Compilers and connections: it takes thousands of calls until a call costs what it goes on to cost.
await run(Math.max(...lanes), warmMs)
const figures = []
for (const count of lanes) {
  await run(count, warmMs / 20)
  const cpu = process.cpuUsage()
  const { calls, tookMs } = await run(count, measureMs)
  const { user, system } = process.cpuUsage(cpu)
  figures.push({ lanes: count, perSecond: (calls / tookMs) * 1000, cpuUs: (user + system) / calls })
}
tell(figures)

/** Keeps so many calls under way for a while. @param {number} count @param {number} forMs */
async function run(count, forMs) {
  const start = performance.now()
  let calls = 0
  const lane = async () => {
    do {
      await call()
      calls += 1
    } while (performance.now() - start < forMs)
  }
  await Promise.all(Array.from({ length: count }, lane))
  return { calls, tookMs: performance.now() - start }
}
