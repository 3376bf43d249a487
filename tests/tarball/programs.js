// Runs other programs, each in a process group of its own that ends with this process at the latest.

import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** @typedef {{ code: number | null, stdout: string, stderr: string }} Ended */
/** @typedef {{ cwd: string, env?: Record<string, string>, timeoutMs?: number }} Options */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()
process.on('exit', () => running.forEach(kill))
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => process.exit(1))
}

/** Nothing asks the network for news or sends usage data, and nothing colours its output. */
const QUIET = {
  CI: '1',
  NO_COLOR: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  WRANGLER_SEND_METRICS: 'false',
  DENO_NO_UPDATE_CHECK: '1',
}

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {string[]} args
 * @param {Options} options
 * @returns {Promise<Ended>}
 */
export async function run(program, args, { timeoutMs = 120_000, ...options }) {
  const child = start(program, args, options)
  const timer = setTimeout(() => {
    child.output.stderr += `\nit did not end within ${timeoutMs / 1000} s`
    kill(child.process)
  }, timeoutMs)
  const code = await child.ended
  clearTimeout(timer)
  return { code, ...child.output }
}

/**
 * Runs a program to its end, which has to be a good one.
 * @param {string} program
 * @param {string[]} args
 * @param {Options} options
 */
export async function succeed(program, args, options) {
  const ended = await run(program, args, options)
  if (ended.code !== 0) throw new Error(`it ended with code ${ended.code}: ${lastWords(ended)}`)
  return ended
}

/** npm, as its user has set it up. @param {string[]} args @param {string} cwd */
export async function npm(args, cwd) {
  const env = /** @type {Record<string, string>} */ (process.env)
  return succeed('npm', args, {
    cwd,
    env: { ...env, npm_config_audit: 'false', npm_config_fund: 'false' },
  })
}

/**
 * Starts a server and waits until its output matches.
 * @param {string} program
 * @param {string[]} args
 * @param {Options & { ready: RegExp, fd3?: boolean }} options `fd3`: the server tells on a pipe of its own
 */
export async function serve(program, args, { ready, timeoutMs = 60_000, ...options }) {
  const child = start(program, args, options)
  /** @type {RegExpExecArray} */
  const match = await new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`it was not ready within ${timeoutMs / 1000} s`)),
      timeoutMs,
    )
    const look = () => {
      const found = ready.exec(child.output.stdout)
      if (found) resolve(found)
      if (found) clearTimeout(timer)
    }
    for (const stream of child.process.stdio.slice(1)) stream?.on('data', look)
    void child.ended.then((code) => {
      clearTimeout(timer)
      reject(new Error(`it ended with code ${code}: ${lastWords(child.output)}`))
    })
  }).catch((error) => {
    kill(child.process)
    throw error
  })
  return {
    match,
    output: child.output,
    async stop() {
      kill(child.process)
      await child.ended
    },
  }
}

/** What a program said last, as one line. @param {{ stdout: string, stderr: string }} output */
export function lastWords({ stdout, stderr }) {
  const text = stderr.trim() || stdout.trim() || 'it said nothing'
  return text.length > 1500 ? `… ${text.slice(-1500)}` : text
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env?: Record<string, string>, fd3?: boolean }} options
 */
function start(program, args, { cwd, env = {}, fd3 = false }) {
  const child = spawn(program, args, {
    cwd,
    detached: true,
    // What a tool keeps in the home folder goes away with the project.
    env: { PATH: process.env['PATH'], HOME: join(cwd, 'home'), ...QUIET, ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(fd3 ? [/** @type {const} */ ('pipe')] : [])],
  })
  running.add(child)
  const output = { stdout: '', stderr: '' }
  for (const [number, stream] of child.stdio.entries()) {
    const name = number === 2 ? 'stderr' : 'stdout'
    stream?.on('data', (bytes) => (output[name] += bytes))
  }
  const ended = new Promise((/** @type {(code: number | null) => void} */ resolve) => {
    child.once('error', (error) => {
      output.stderr += error.message
      resolve(null)
    })
    child.once('close', resolve)
  }).finally(() => running.delete(child))
  return { process: child, output, ended }
}

/** @param {import('node:child_process').ChildProcess} child */
function kill(child) {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
