// Starts the simulated platform as a process of its own, for one test file.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The application that the simulator knows unless it is told of others. */
export const APP = { appId: 'app1', secret: 's+e/c=r&t%1' }

/**
 * @param {{ args?: string[] }} [options]
 */
export async function startSimulator({ args = [] } = {}) {
  const program = process.env.NORTHBOUND_SIMULATOR ?? `${root}target/debug/northbound-simulator`
  if (!existsSync(program)) {
    throw new Error(`no simulator at ${program}: cargo build --package northbound-simulator`)
  }
  const child = spawn(
    program,
    ['--http', '127.0.0.1:0', '--tls', '127.0.0.1:0', '--ready-json', '--exit-with-stdin', ...args],
    // The open pipe to its input ends it even if this process is killed.
    { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const ready = await Promise.race([
    new Promise((resolve) => createInterface(child.stdout).once('line', resolve)),
    ended.then((code) => Promise.reject(new Error(`the simulator ended with code ${code}`))),
  ])
  const { http, tls: tlsAddress, certificates, mqtt, mqttWs } = JSON.parse(ready)

  /**
   * Calls the simulator's control API.
   * @param {string} method
   * @param {string} path below /_sim
   * @param {unknown} [body]
   * @returns {Promise<any>}
   */
  async function control(method, path, body) {
    const headers = { 'content-type': 'application/json' }
    const content = body === undefined ? {} : { body: JSON.stringify(body), headers }
    const answer = await fetch(`${http}/_sim${path}`, { method, ...content })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  return {
    http: /** @type {string} */ (http),
    tls: /** @type {string} */ (tlsAddress),
    certificates: /** @type {string} */ (certificates),
    /** The broker's address, `host:port`. */
    mqtt: /** @type {string} */ (mqtt),
    /** The broker over WebSocket, `ws://…`. */
    mqttWs: /** @type {string} */ (mqttWs),
    control,
    /** Calls of the journal, all or those of one operation. */
    async journal(/** @type {string} */ operation = '') {
      const { calls } = await control('GET', '/journal')
      return calls.filter((/** @type {any} */ call) => !operation || call.operation === operation)
    },
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}
