// Runs scripts/lib/proxy/main.mjs as a process, with settings of a test.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { root } from './simulator.js'

const PROGRAM = join(root, 'scripts/lib/proxy/main.mjs')
/** Without a proxy.env in it. */
const EMPTY = mkdtempSync(join(tmpdir(), 'northbound-empty-'))

/** @param {Record<string, string>} settings @param {string[]} args */
function launch(settings, args) {
  const { PATH } = process.env
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: EMPTY,
    env: { PATH, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (said.out += chunk))
  child.stderr.on('data', (chunk) => (said.err += chunk))
  const ended = once(child, 'close').then(([code]) => Number(code))
  return { child, said, ended }
}

/** What it says of settings, and its exit code. @param {Record<string, string>} settings */
export async function judgeSettings(settings, args = ['--check']) {
  const { said, ended } = launch(settings, args)
  return { code: await ended, ...said }
}

/**
 * Starts it and waits until it is ready.
 * @param {Record<string, string>} settings
 * @param {string[]} [args]
 */
export async function startProxy(settings, args = []) {
  const { child, said, ended } = launch(settings, args)
  const kill = () => child.kill('SIGTERM')
  process.once('exit', kill)
  const failed = ended.then((code) => {
    throw new Error(`the proxy ended with code ${code}:\n${said.err}`)
  })
  failed.catch(() => {})
  const ready = async () => {
    while (!said.out.includes('noted in')) await once(child.stdout, 'data')
  }
  await Promise.race([ready(), failed])
  return {
    address: String(/https?:\/\/[^/\s]+/.exec(said.out)?.[0]),
    /** The file that requests are noted in. */
    log: String(/noted in +(\S+)/.exec(said.out)?.[1]),
    said,
    pid: Number(child.pid),
    /** @param {NodeJS.Signals} [signal] */
    stop(signal = 'SIGTERM') {
      process.off('exit', kill)
      child.kill(signal)
      return ended
    },
  }
}
