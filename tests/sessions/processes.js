// Starts worker processes and talks to them; none outlives the process that started it.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { installPackage } from '../js/support/package.js'
import { APP } from '../js/support/simulator.js'

/**
 * @typedef {import('./worker.js').Opening} Opening
 * @typedef {import('./load.js').Load} Load
 * @typedef {import('./load.js').Outcome} Outcome
 * @typedef {Awaited<ReturnType<typeof startWorker>>} Worker
 */

const PROGRAM = fileURLToPath(new URL('./worker.js', import.meta.url))

/** @type {Set<import('node:child_process').ChildProcess>} */
const alive = new Set()
// Their input ends with this process, which ends them; but not those that are stopped.
process.on('exit', () => alive.forEach((child) => child.kill('SIGKILL')))

/**
 * A worker whose clients are open.
 *
 * @param {Omit<Opening, 'package' | 'app'> & Partial<Pick<Opening, 'app'>>} opening
 */
export async function startWorker(opening) {
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] })
  alive.add(child)
  const ended = once(child, 'exit').then(([code, signal]) => {
    alive.delete(child)
    const error = new Error(`the worker ${child.pid} ended with ${signal ?? code}`)
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  })
  child.stdin.on('error', () => {})

  let last = 0
  /** @type {Map<number, { resolve: (result: any) => void, reject: (error: Error) => void }>} */
  const waiting = new Map()
  /** @type {Set<(message: any) => void>} */
  const listeners = new Set()
  createInterface(child.stdout).on('line', (line) => {
    const message = JSON.parse(line)
    listeners.forEach((listener) => listener(message))
    const call = waiting.get(message.id)
    if (!call) return
    waiting.delete(message.id)
    if (message.error === undefined) call.resolve(message.result)
    else call.reject(new Error(`in the worker: ${message.error}`))
  })

  /**
   * @param {string} command
   * @param {object} [members]
   * @returns {Promise<any>}
   */
  function tell(command, members = {}) {
    last += 1
    const id = last
    const answer = new Promise((resolve, reject) => {
      if (!alive.has(child)) return reject(new Error(`the worker ${child.pid} has ended`))
      waiting.set(id, { resolve, reject })
    })
    child.stdin.write(`${JSON.stringify({ ...members, id, do: command })}\n`)
    return answer
  }

  const folder = join(installPackage(), 'node_modules/northbound')
  await tell('open', { app: APP, ...opening, package: folder }).catch((error) => {
    child.kill('SIGKILL')
    throw error
  })

  return {
    /** @param {Load} load @returns {Promise<Outcome>} */
    load: (load) => tell('load', { load }),
    /** Obtains the token. @returns {Promise<void>} */
    token: () => tell('token'),
    /** The wall clock as the worker sees it. @returns {Promise<number>} */
    clock: () => tell('clock'),

    /**
     * The worker stops itself at the next such moment; resolves when it does.
     *
     * @param {import('./worker.js').Moment} moment
     */
    async stopsAt(moment) {
      const stopped = this.first((message) => message.stopped === moment)
      await tell('stopAt', { moment })
      return { stopped }
    },

    /**
     * The first message of the worker that fits.
     *
     * @param {(message: any) => boolean} fits
     * @returns {Promise<any>}
     */
    first(fits) {
      return new Promise((resolve) => {
        const listener = (/** @type {any} */ message) => {
          if (!fits(message)) return
          listeners.delete(listener)
          resolve(message)
        }
        listeners.add(listener)
      })
    },

    /** Calls the listener with every event that the worker's clients tell. */
    onEvent(/** @type {(event: import('northbound').ClientEvent) => void} */ listener) {
      listeners.add((message) => message.event && listener(message.event))
    },

    /** @param {'SIGKILL' | 'SIGSTOP' | 'SIGCONT'} signal */
    signal: (signal) => child.kill(signal),
    ended,
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}

/**
 * Several workers, started side by side.
 *
 * @param {number} count
 * @param {(index: number) => Parameters<typeof startWorker>[0]} opening
 */
export async function startWorkers(count, opening) {
  const starts = Array.from({ length: count }, (_, index) => startWorker(opening(index)))
  const workers = await Promise.allSettled(starts)
  const started = workers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const failed = workers.find((one) => one.status === 'rejected')
  if (failed) {
    await stopWorkers(started)
    throw failed.reason
  }
  return started
}

/** @param {Worker[]} workers */
export async function stopWorkers(workers) {
  await Promise.all(workers.map((worker) => worker.stop()))
}
