// A Redis server of a test's own, without a system service and without a password, on loopback.

import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Prints the server's process id and ends the server when our end of its input is gone. */
const GUARD = `
redis-server "$@" & server=$!
echo "pid $server"
cat >/dev/null
kill -KILL $server 2>/dev/null
wait
`

/** Removed when this process ends, by one listener however many servers there are. @type {Set<string>} */
const folders = new Set()
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/**
 * Data are kept on the disk only where `stop` says so.
 *
 * @param {{ port?: number, folder?: string, options?: Record<string, string> }} [how] `port` and
 * `folder` of a former server, to take its place; further `options` of redis-server
 */
export async function startRedis({ port, folder, options = {} } = {}) {
  if (spawnSync('redis-server', ['--version']).error) {
    throw new Error('redis-server is missing: run `scripts/setup test`')
  }
  const place = folder ?? mkdtempSync(join(tmpdir(), 'northbound-redis-'))
  folders.add(place)
  for (let tries = 1; ; tries += 1) {
    const chosen = port ?? (await freePort())
    const server = await launch(chosen, place, options)
    if (server)
      return { ...server, port: chosen, folder: place, url: `redis://127.0.0.1:${chosen}` }
    if (tries === 5) throw new Error(`redis-server does not start on port ${chosen}`)
  }
}

/**
 * @param {number} port
 * @param {string} folder
 * @param {Record<string, string>} further
 */
async function launch(port, folder, further) {
  const own = { port, bind: '127.0.0.1', dir: folder, save: '', rdbcompression: 'no' }
  const options = { ...own, ...further }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  const guard = spawn('sh', ['-c', GUARD, 'sh', ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  guard.stdin.on('error', () => {})
  const ended = new Promise((resolve) => guard.once('exit', resolve))
  let pid = 0
  const ready = await new Promise((resolve) => {
    createInterface(guard.stdout)
      .on('line', (line) => {
        pid ||= Number(/^pid (\d+)$/.exec(line)?.[1] ?? 0)
        if (line.includes('Ready to accept connections')) resolve(true)
        if (/Failed listening|Fatal error/.test(line)) resolve(false)
      })
      .once('close', () => resolve(false))
  })
  const stop = async () => {
    guard.stdin.end()
    await ended
  }
  if (ready) {
    return {
      pid,
      /** Holds it up, as a machine does that has no memory left: connections stay. */
      freeze: () => void process.kill(pid, 'SIGSTOP'),
      thaw: () => void process.kill(pid, 'SIGCONT'),
      /** Ends it at once, whatever it does. */
      stop,
      /** Writes all data to the disk and ends: who takes its place has them. */
      async stopAndKeep() {
        await command(port, 'SHUTDOWN SAVE')
        await stop()
      },
    }
  }
  await stop()
  return undefined
}

/**
 * Sends one line and waits until the server hangs up.
 *
 * @param {number} port
 * @param {string} line
 */
function command(port, line) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(`${line}\r\n`))
    socket
      .on('error', () => {})
      .on('close', resolve)
      .resume()
  })
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {net.AddressInfo} */ (server.address())
      server.close(() => resolve(port))
    })
  })
}
