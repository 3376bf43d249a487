// Runs hostile inputs one after another and says which of them broke a promise: every call ends, with a
// result or an error of the package; nothing escapes; and the instance works afterwards.

import { writeSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

/**
 * @typedef {object} Case
 * @property {string} entry the public entry point, for example `NorthApiClient.getAuthToken`
 * @property {string} what the input, in words
 * @property {boolean} asynchronous whether the entry point may only reject
 * @property {(instances: any) => () => unknown} arm makes the input and gives the call
 * @property {boolean} [frees] whether the input frees the instances
 * @property {(error: unknown) => boolean} [allows] further outcomes that are right, such as a signal's reason
 */

/**
 * What is hunted: `make` builds the instances that cases use, `alive` calls them and throws where one of
 * them answers wrongly, `isRight` tells the package's own errors.
 * @typedef {object} Target
 * @property {() => any} make
 * @property {(instances: any) => Promise<void>} alive
 * @property {(error: unknown) => boolean} isRight
 */

/**
 * @param {Target} target
 * @param {readonly Case[]} cases
 * @param {number} [patienceMs] how long a call may take
 */
export async function hunt(target, cases, patienceMs = 2000) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  /** @type {string[]} */
  const faults = []
  const hunter = startHunting(target, patienceMs)
  try {
    for (const [index, each] of cases.entries()) {
      counts.set(each.entry, (counts.get(each.entry) ?? 0) + 1)
      const label = `${index}: ${each.entry} with ${each.what}`
      for (const problem of await hunter.judge(label, each)) faults.push(`${label} ${problem}`)
    }
  } finally {
    await hunter.stop()
  }
  return { counts, faults }
}

/**
 * Judges cases one by one, as they are made.
 * @param {Target} target
 * @param {number} [patienceMs] how long a call may take
 */
export function startHunting(target, patienceMs = 2000) {
  const escaped = catchEscapes()
  const watchdog = guardAgainstLoops()
  let instances = target.make()
  return {
    /**
     * What was wrong with a case, in words.
     * @param {string} label
     * @param {Case} each
     */
    async judge(label, each) {
      /** @type {string[]} */
      const problems = []
      watchdog.begin(label)
      const problem = await run(each, instances, target.isRight, patienceMs)
      if (problem !== undefined) problems.push(problem)
      // One turn of the event loop: Node tells of an unhandled rejection only then.
      await new Promise((resolve) => setImmediate(resolve))
      for (const kind of escaped.take()) problems.push(`caused an ${kind}`)

      if (each.frees) instances = target.make()
      try {
        const before = performance.now()
        await within(patienceMs, target.alive(instances))
        if (performance.now() - before > patienceMs) problems.push('made the next call slow')
      } catch (error) {
        problems.push(`broke the next call: ${described(error)}`)
        instances = target.make()
      }
      return problems
    },
    async stop() {
      escaped.stop()
      await watchdog.end()
    },
  }
}

/**
 * @param {Case} each
 * @param {any} instances
 * @param {(error: unknown) => boolean} isRight
 * @param {number} patienceMs
 * @returns {Promise<string | undefined>} what was wrong
 */
async function run({ arm, asynchronous, allows }, instances, isRight, patienceMs) {
  const call = arm(instances)
  const before = performance.now()
  /** @param {unknown} error */
  const judged = (error) => {
    if (error === HANGS) return `did not end within ${patienceMs} ms`
    if (allows?.(error) || isRight(error)) return undefined
    return `ended in ${described(error)}`
  }
  const slow = () => {
    const tookMs = performance.now() - before
    return tookMs > patienceMs ? `held the thread ${tookMs | 0} ms` : undefined
  }
  let returned
  try {
    returned = call()
  } catch (error) {
    return asynchronous ? `threw at once: ${described(error)}` : (judged(error) ?? slow())
  }
  const held = slow()
  try {
    await within(patienceMs, returned)
    return held
  } catch (error) {
    return judged(error) ?? held
  }
}

const HANGS = Symbol('hangs')

/**
 * @param {number} patienceMs
 * @param {unknown} promise
 */
async function within(patienceMs, promise) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(HANGS), patienceMs)))
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * An error in a few words; its members may be hostile.
 * @param {any} error
 */
export function described(error) {
  try {
    if (error === HANGS) return 'no answer'
    if (error === null || typeof error !== 'object') return `no error but ${typeof error}`
    const cause = error.cause === undefined ? '' : `, caused by ${String(error.cause)}`
    return `${error.name}${error.kind ? ` (${error.kind})` : ''}: ${error.message}${cause}`
  } catch {
    return 'an error that cannot be read'
  }
}

/** Takes the place of the test runner's own listeners, which would end the test at the first escape. */
function catchEscapes() {
  const kinds = /** @type {const} */ (['unhandledRejection', 'uncaughtException'])
  /** @type {string[]} */
  let seen = []
  const restore = kinds.map((kind) => {
    const former = process.rawListeners(kind)
    const listener = (/** @type {any} */ error) => {
      seen.push(kind)
      if (process.env.NORTHBOUND_TRACE)
        writeSync(2, `${kind}: ${described(error)} ${error?.stack}\n`)
    }
    process.removeAllListeners(kind)
    process.on(kind, listener)
    return () => {
      process.off(kind, listener)
      for (const each of former) process.on(kind, /** @type {() => void} */ (each))
    }
  })
  return {
    take() {
      const taken = seen
      seen = []
      return taken
    },
    stop: () => restore.forEach((each) => each()),
  }
}

/** An endless loop cannot be seen from its own thread: another one names the input and ends the process. */
function guardAgainstLoops(patienceMs = 60_000) {
  const shared = new Int32Array(new SharedArrayBuffer(4))
  const code = `
    const { workerData: { shared, patienceMs }, parentPort } = require('node:worker_threads')
    let last = 0, since = Date.now()
    setInterval(() => {
      const now = Atomics.load(shared, 0)
      if (now !== last) [last, since] = [now, Date.now()]
      if (Date.now() - since > patienceMs) process.kill(process.pid, 'SIGKILL')
    }, 500)`
  const worker = new Worker(code, { eval: true, workerData: { shared, patienceMs } })
  worker.unref()
  return {
    /** @param {string} label */
    begin(label) {
      Atomics.add(shared, 0, 1)
      if (process.env.NORTHBOUND_TRACE) writeSync(2, `${label}\n`)
    },
    end: () => worker.terminate(),
  }
}
