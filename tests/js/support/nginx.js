// Debian's nginx with the example's configuration, unprivileged and in a folder of its own.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { root } from './simulator.js'

export const EXAMPLE = join(root, 'examples/nginx/northbound.conf')
const NGINX = ['/usr/sbin/nginx', '/usr/bin/nginx'].find(existsSync)

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
  const filled = fillIn(readFileSync(EXAMPLE, 'utf8'), [
    ['server iot.example.com:8743;', `server ${platform.host};`],
    ['proxy_set_header Host iot.example.com;', `proxy_set_header Host ${platform.host};`],
    ['proxy_ssl_name iot.example.com;', 'proxy_ssl_name localhost;'],
    ['https://console.example.com ', `${origin ?? 'https://console.example.com'} `],
    ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
    ['root /var/www/northbound;', `root ${page};`],
    ['/etc/nginx/northbound/', `${folder}/`],
  ])
  writeFileSync(join(folder, 'northbound.conf'), edit ? edit(filled) : filled)
  writeFileSync(join(folder, 'nginx.conf'), mainConfiguration(folder))
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

/**
 * Replaces texts, each of which must be there.
 * @param {string} text
 * @param {[string, string][]} replacements
 */
export function fillIn(text, replacements) {
  for (const [from, to] of replacements) {
    assert.ok(text.includes(from), `the example has no \`${from}\``)
    text = text.replaceAll(from, to)
  }
  return text
}

/** @param {string} folder */
function mainConfiguration(folder) {
  // One process, which needs no rights and leaves none behind.
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr notice;
events { worker_connections 64; }
http {
  include /etc/nginx/mime.types;
  access_log ${folder}/access.log;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  include ${folder}/northbound.conf;
}
`
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
