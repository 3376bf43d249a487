// Many calls at once in the timeline: the page stays quick, and its memory flat.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { launchChromium } from './support/chromium.js'
import { Tab, openTab } from './support/console.js'
import { serveRecordPage } from './support/record.js'
import { APP } from './support/simulator.js'

const CALLS = 300
/** Several, since the machine has other things to do as well. */
const ROUNDS = 3
/** What a task may take without being felt, in milliseconds. */
const LONG_MS = 50
/** A kept call takes some kilobytes: 300 of them would show. */
const GROWTH = 200_000

/** @type {Awaited<ReturnType<typeof serveRecordPage>>} */
let simulator
/** @type {import('puppeteer-core').Browser} */
let browser
/** @type {Tab} */
let tab

before(async () => {
  simulator = await serveRecordPage(['--limit', 'off', '--latency-ms', '20'])
  browser = await launchChromium()
  const context = await browser.createBrowserContext()
  tab = await openTab(context, `${simulator.http}/`, { secrets: [APP.secret] })
  await tab.page.waitForFunction(() => 'record' in globalThis)
})

after(async () => {
  await browser?.close()
  await simulator?.stop()
})

/**
 * Makes calls that have to wait for their turn, with a token that is renewed meanwhile, and scrolls
 * through them.
 * @returns {Promise<number[]>} how long the tasks took that were long
 */
function round() {
  return tab.page.evaluate(
    async (app, count) => {
      /** @type {number[]} */
      const long = []
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) long.push(duration)
      })
      observer.observe({ type: 'longtask' })
      const client = record.northApi(app, { throttle: { calls: 100, perMs: 1000, slackMs: 0 } })
      const deviceId = '00000000-0000-4000-a000-000000000001'
      const calls = Array.from({ length: count }, () => client.queryDeviceStatus({ deviceId }))
      await calls[count / 2]
      await client.refreshAuthToken()
      await Promise.all(calls)
      const list = document.querySelector('#requests-rows')
      for (let frame = 0; frame <= 40; frame += 1) {
        await new Promise(requestAnimationFrame)
        if (list) list.scrollTop = (list.scrollHeight * frame) / 40
      }
      client.free()
      // The last entries come later.
      await new Promise((resolve) => setTimeout(resolve, 100))
      observer.disconnect()
      return long
    },
    APP,
    CALLS,
  )
}

/** Calls that wait for nothing. @param {number} hundreds */
async function quickly(hundreds) {
  await tab.page.evaluate(
    async (app, times) => {
      const client = record.northApi(app, { throttle: false })
      const deviceId = '00000000-0000-4000-a000-000000000001'
      for (let each = 0; each < times; each += 1) {
        const calls = Array.from({ length: 100 }, () => client.queryDeviceStatus({ deviceId }))
        await Promise.all(calls)
      }
      client.free()
      await new Promise((resolve) => setTimeout(resolve, 300))
    },
    APP,
    hundreds,
  )
}

/** Bytes in use, after what can be freed has been. */
async function heap() {
  const session = await tab.page.createCDPSession()
  for (let again = 0; again < 3; again += 1) await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize
}

/**
 * How long the page's tasks kept its processor busy, the longest first. By the clock they may take longer,
 * where others have the processor meanwhile.
 * @param {() => Promise<unknown>} work
 */
async function tasksOf(work) {
  await tab.page.tracing.start({ categories: ['toplevel'] })
  await work()
  const trace = JSON.parse(Buffer.from((await tab.page.tracing.stop()) ?? []).toString())
  /** @type {Map<string, number[]>} */
  const threads = new Map()
  for (const { name, pid, tid, tdur } of trace.traceEvents) {
    if (name !== 'ThreadControllerImpl::RunTask' || tdur === undefined) continue
    const key = `${pid}/${tid}`
    threads.set(key, [...(threads.get(key) ?? []), tdur / 1000])
  }
  const mains = trace.traceEvents.filter(
    (/** @type {any} */ { name, args }) => name === 'thread_name' && args.name === 'CrRendererMain',
  )
  const found = mains.map((/** @type {any} */ { pid, tid }) => threads.get(`${pid}/${tid}`) ?? [])
  // Other pages of the browser have next to nothing to do.
  const [own] = found.sort((/** @type {any} */ one, /** @type {any} */ other) => {
    return other.length - one.length
  })
  return /** @type {number[]} */ (own).sort((one, other) => other - one)
}

/** @param {number[]} values */
const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0

test(`${CALLS} calls that wait for the throttle hold the page up by no long task`, async (t) => {
  const longest = []
  for (let each = 1; each <= ROUNDS; each += 1) {
    /** @type {number[]} */
    let long = []
    const tasks = await tasksOf(async () => (long = await round()))
    longest.push(tasks[0] ?? 0)
    t.diagnostic(
      `round ${each}: ${tasks.length} tasks, median ${median(tasks)} ms, longest ${tasks[0]} ms of processor; ` +
        `by the clock ${long.length} long ones, median ${median(long)} ms, maximum ${Math.max(0, ...long)} ms`,
    )
    assert.ok(tasks.length > CALLS, 'the tasks were counted')
  }
  t.diagnostic(`longest task: median ${median(longest)} ms, maximum ${Math.max(...longest)} ms`)
  assert.ok(median(longest) <= LONG_MS)

  const calls = await tab.page.evaluate(() =>
    record.recorder.calls.value.map(({ segments, end }) => ({
      over: end !== undefined,
      waited: segments.some(({ kind }) => kind === 'throttle'),
      shown: segments.some(({ exchange }) => exchange?.answer),
    })),
  )
  // The calls, the renewals, and a login in each round.
  assert.equal(calls.length, ROUNDS * (CALLS + 2))
  assert.ok(calls.every(({ over }) => over))
  assert.ok(calls.filter(({ waited }) => waited).length >= (ROUNDS * CALLS) / 2)
  assert.ok(calls.every(({ shown }) => shown))
  assert.ok((await tab.page.$$('[data-testid="call"]')).length < 40, 'only rows in view are drawn')
})

test('once as many calls are kept as may be, more of them take no more memory', async (t) => {
  // Beyond 1000, so that all that is made once is there.
  await quickly(10)
  await quickly(10)
  const used = [await heap()]
  const grown = []
  for (let each = 0; each < ROUNDS; each += 1) {
    await quickly(CALLS / 100)
    used.push(await heap())
    grown.push(Number(used.at(-1)) - Number(used.at(-2)))
  }
  t.diagnostic(`${used.map((bytes) => Math.round(bytes / 1024)).join(', ')} KB`)
  assert.equal(await tab.page.evaluate(() => record.recorder.calls.value.length), 1000)
  assert.ok(median(grown) < GROWTH, `${median(grown)} bytes more`)
  await tab.nothingLeaked()
})
