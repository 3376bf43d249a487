// Runs a module in a process of its own, where the package is installed.

import { spawn } from 'node:child_process'

import { installPackage } from './package.js'

/**
 * @param {string} source the module; what it prints is the answer
 * @param {{ timeoutMs?: number, execArgv?: string[], env?: Record<string, string> }} [options]
 */
export async function runModule(source, { timeoutMs = 20_000, execArgv = [], env = {} } = {}) {
  const child = spawn(process.execPath, [...execArgv, '--input-type=module', '-'], {
    cwd: installPackage(),
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (output.stderr += text))
  child.stdin.on('error', () => {})
  child.stdin.end(source)
  const code = await ended
  return { code, ...output }
}

/**
 * As `runModule`, for a module that prints one JSON value.
 * @param {string} source
 * @returns {Promise<any>}
 */
export async function valueOf(source) {
  const { code, stdout, stderr } = await runModule(source)
  if (code !== 0) throw new Error(`the process ended with ${code}: ${stderr}`)
  return JSON.parse(stdout)
}
