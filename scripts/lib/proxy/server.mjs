// nginx as scripts/proxy runs it: in a folder of its own, with no more rights than it needs.
// Writes: that folder, below the system's one for temporary files.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import { NGINX, exampleFor, mainConfiguration } from '../nginx.mjs'
import { written } from './settings.mjs'

export const PAGE = fileURLToPath(new URL('../../../www/dist', import.meta.url))

const PATIENCE_MS = 5000

/**
 * @param {import('./settings.mjs').Settings} settings
 * @param {import('./settings.mjs').Address} upstream where the platform answers
 */
export async function start(settings, upstream) {
  const folder = mkdtempSync(path.join(tmpdir(), 'northbound-proxy-'))
  try {
    prepare(folder, settings, upstream)
    return await run(folder, settings)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/**
 * @param {string} folder
 * @param {import('./settings.mjs').Settings} settings
 * @param {import('./settings.mjs').Address} upstream
 */
function prepare(folder, settings, upstream) {
  const { platform, name, listen, allow, origins, connect, siteCert, siteKey } = settings
  // Links: keys stay in their files, and the configuration has no path that means something to nginx.
  const files = { 'client.pem': settings.clientCert, 'client.key': settings.clientKey }
  const site = siteCert && siteKey ? { 'site.pem': siteCert, 'site.key': siteKey } : {}
  for (const [link, { file }] of Object.entries({ ...files, 'ca.pem': settings.ca, ...site }))
    symlinkSync(file, path.join(folder, link))
  // A copy, since a user without rights need not be able to read the repository.
  const page = path.join(folder, 'page')
  cpSync(PAGE, page, { recursive: true })
  const filled = exampleFor({
    folder,
    page,
    listen: written(listen),
    tls: siteCert !== undefined,
    upstream: written(upstream),
    host: written(platform),
    name,
    allow,
    origins,
    connect,
  })
  writeFileSync(path.join(folder, 'northbound.conf'), filled)
  writeFileSync(path.join(folder, 'nginx.conf'), mainConfiguration(folder, processes()))
  if (isRoot()) chmodSync(folder, 0o711)
}

/** Of root the process that opens port and keys remains root; the one that serves is nobody. */
function processes() {
  const user = isRoot() ? `user nobody ${groupOfNobody()};` : ''
  return `${user} worker_processes 1; error_log stderr warn;`
}

function isRoot() {
  return process.getuid?.() === 0
}

/** Debian calls it `nogroup`, others as the user. */
function groupOfNobody() {
  return /^nogroup:/m.test(readFileSync('/etc/group', 'utf8')) ? 'nogroup' : 'nobody'
}

/** @param {string} folder @param {import('./settings.mjs').Settings} settings */
async function run(folder, { listen }) {
  const files = ['-p', folder, '-c', path.join(folder, 'nginx.conf'), '-e', 'stderr']
  const child = spawn(String(NGINX), files, { stdio: ['ignore', 'ignore', 'inherit'] })
  let stopped = false
  const stop = () => {
    stopped = true
    child.kill('SIGTERM')
  }
  process.once('exit', stop)
  const ended = once(child, 'exit').then(([code]) => {
    process.off('exit', stop)
    rmSync(folder, { recursive: true, force: true })
    return stopped ? 0 : Number(code ?? 1)
  })
  const failed = ended.then((code) => {
    throw new Error(`nginx ended with code ${code}, see above`)
  })
  failed.catch(() => {})
  await Promise.race([answers(listen), failed])
  return { log: path.join(folder, 'access.log'), ended, stop }
}

/** @param {import('./settings.mjs').Address} address */
async function answers(address) {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const socket = net.connect(address)
    try {
      await once(socket, 'connect')
      return
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 30))
    } finally {
      socket.destroy()
    }
  }
}
