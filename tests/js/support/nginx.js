// Debian's nginx with the example's configuration, unprivileged and in a folder of its own.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { NGINX, exampleFor, mainConfiguration } from '../../../scripts/lib/nginx.mjs'

export { fillIn } from '../../../scripts/lib/nginx.mjs'

/** Which needs no rights and leaves none behind. */
const ONE_PROCESS = 'master_process off; error_log stderr notice;'

/**
 * Fills in what the example marks, and starts it.
 * @param {{
 *   platform: URL,
 *   certificates: string,
 *   origin?: string,
 *   files?: Record<string, string>,
 *   edit?: (configuration: string) => string,
 * }} set the platform's TLS address, the folder of its certificates, another origin that may
 *   call, the files of the page, and what a test changes further
 */
export async function startNginx({ platform, certificates, origin, files = {}, edit }) {
  assert.ok(NGINX, 'no nginx: scripts/setup test')
  const folder = mkdtempSync(join(tmpdir(), 'northbound-nginx-'))
  const port = await freePort()
  makeCertificate(folder)
  for (const name of ['ca.pem', 'foreign-ca.pem', 'client.pem', 'client.key'])
    copyFileSync(join(certificates, name), join(folder, name))
  for (const name of ['foreign-client.pem', 'foreign-client.key'])
    copyFileSync(join(certificates, name), join(folder, name))
  const page = join(folder, 'page')
  mkdirSync(page)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(page, name), text)
  const filled = exampleFor({
    folder,
    page,
    listen: `127.0.0.1:${port}`,
    tls: true,
    upstream: platform.host,
    host: platform.host,
    name: 'localhost',
    allow: ['127.0.0.1'],
    origins: [origin ?? 'https://console.example.com'],
    connect: [],
  })
  writeFileSync(join(folder, 'northbound.conf'), edit ? edit(filled) : filled)
  writeFileSync(join(folder, 'nginx.conf'), mainConfiguration(folder, ONE_PROCESS))
  const stop = await run(folder)
  return {
    address: `https://localhost:${port}`,
    /** Where the page's files are. */
    page,
    /** The certificate that callers have to trust. */
    ca: readFileSync(join(folder, 'site.pem')),
    /** All that nginx has written down. */
    logs: () => readFileSync(join(folder, 'access.log'), 'utf8') + stop.errors(),
    async stop() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** @param {string} folder */
async function run(folder) {
  const child = spawn(String(NGINX), ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const closed = once(child, 'close')
  let errors = ''
  // It says so after it has opened its ports.
  const ready = new Promise((resolve) => {
    createInterface(child.stderr).on('line', (line) => {
      errors += `${line}\n`
      if (line.includes('getrlimit(RLIMIT_NOFILE)')) resolve(true)
    })
  })
  const failed = closed.then(() => Promise.reject(new Error(`nginx ended:\n${errors}`)))
  await Promise.race([ready, failed])
  failed.catch(() => {})
  const stop = async () => {
    process.off('exit', kill)
    child.kill('SIGTERM')
    await closed
  }
  return Object.assign(stop, { errors: () => errors })
}

/** For the browsers' side of it: site.pem and site.key. @param {string} folder */
function makeCertificate(folder) {
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const files = ['-keyout', join(folder, 'site.key'), '-out', join(folder, 'site.pem')]
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc']
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, ...name, ...files], {
    stdio: 'pipe',
  })
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {net.AddressInfo} */ (server.address())
  await new Promise((resolve) => server.close(resolve))
  return port
}
