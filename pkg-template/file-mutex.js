/**
 * A mutex between the processes of one host that cannot be left behind: the operating system ends it
 * with the process that holds it.
 *
 * Linux: an abstract Unix socket, which is a name without a file. Windows: a named pipe. Elsewhere a
 * lock file, which a killed process does leave behind, so that it counts as stale after 5 s; whoever
 * holds it must be done by then.
 */
import { createHash, randomBytes } from 'node:crypto'
import { linkSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** @typedef {() => void} Unlock */

const STALE_MS = 5000

/**
 * Waits until the mutex is ours, at least once, and else until `deadline`.
 *
 * @param {string} path of the file that it guards, without links
 * @param {number} deadline by `performance.now()`
 * @param {NodeJS.Platform} [platform]
 * @returns {Promise<Unlock | undefined>} undefined: it was another's all the time
 */
export async function lock(path, deadline, platform = process.platform) {
  const attempt = attemptOn(path, platform)
  for (let tries = 0; ; tries += 1) {
    const unlock = await attempt()
    if (unlock) return unlock
    const left = deadline - performance.now()
    if (left <= 0) return undefined
    // Whoever holds it is done within milliseconds; the chance keeps those that wait apart.
    await sleep(Math.min(left, 1 + Math.random() * Math.min(4 + 2 * tries, 20)))
  }
}

/**
 * @param {string} path
 * @param {NodeJS.Platform} platform
 */
function attemptOn(path, platform) {
  const name = `northbound-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`
  if (platform === 'linux') return () => listen(`\0${name}`)
  if (platform === 'win32') return () => listen(`\\\\.\\pipe\\${name}`)
  return async () => create(`${path}.lock`)
}

/**
 * @param {string} name
 * @returns {Promise<Unlock | undefined>}
 */
function listen(name) {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy())
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    // Exclusive: workers of node:cluster would otherwise all share one socket.
    server.listen({ path: name, exclusive: true }, () => resolve(() => void server.close()))
  })
}

/**
 * @param {string} file
 * @returns {Unlock | undefined}
 */
function create(file) {
  const mine = randomBytes(8).toString('hex')
  try {
    writeFileSync(file, mine, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    removeStale(file, mine)
    return undefined
  }
  return () => {
    if (quietly(() => readFileSync(file, 'utf8')) === mine) quietly(() => unlinkSync(file))
  }
}

/**
 * Two may find the same lock stale at the same time. Each moves away what is there and looks at it
 * again: a lock that is fresh is another's new one, and goes back. In the moment between, a third may
 * make a lock of its own, so that two are in: a file system moves nothing on a condition, and a lock
 * around this could be left behind in its turn. It takes a killed holder, three processes that want in
 * and a moment of microseconds, and costs one change of the file, such as a login too many.
 *
 * @param {string} file
 * @param {string} mine
 */
function removeStale(file, mine) {
  if (!isStale(file)) return
  const aside = `${file}-${mine}`
  if (quietly(() => renameSync(file, aside) ?? true) === undefined) return
  if (!isStale(aside)) quietly(() => linkSync(aside, file))
  quietly(() => unlinkSync(aside))
}

/** @param {string} file */
function isStale(file) {
  const made = quietly(() => statSync(file).mtimeMs)
  return made !== undefined && Math.abs(Date.now() - made) > STALE_MS
}

/**
 * @template T
 * @param {() => T} act
 * @returns {T | undefined} undefined where it fails
 */
function quietly(act) {
  try {
    return act()
  } catch {
    return undefined
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
const hasCode = (error, code) => error instanceof Error && 'code' in error && error.code === code
