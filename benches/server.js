// The server of the calls, in a process of its own.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { environment } from './measure.js'

/** Starts it. @returns {Promise<{ endpoint: string, stop(): Promise<void> }>} */
export async function startServer() {
  const file = fileURLToPath(new URL('children/server.js', import.meta.url))
  const child = spawn(process.execPath, [file], {
    env: environment(),
    // The open pipe to its input ends it even if this process is killed.
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const [endpoint] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    ended.then(([code]) => Promise.reject(new Error(`the server ended with code ${code}`))),
  ])
  return {
    endpoint,
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}
