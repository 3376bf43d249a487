// Tries the settings of scripts/proxy before nginx starts: its port, and the platform by a handshake.
// Writes nothing.

import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'

import { written } from './settings.mjs'

/** @typedef {import('./settings.mjs').Settings} Settings */
/** @typedef {import('./settings.mjs').Problem} Problem */

const PATIENCE_MS = 5000

/** @param {Settings} settings */
export async function probe(settings) {
  const [listen, platform] = await Promise.all([tryPort(settings), tryPlatform(settings)])
  return {
    /** Port 0 has become one that is free. */
    listen: { ...settings.listen, port: listen.port ?? 0 },
    /** Where the platform answered: nginx would also try addresses that nobody answers at. */
    upstream: { host: platform.host ?? '', port: settings.platform.port },
    problems: [listen.problem, platform.problem].filter((problem) => problem !== undefined),
  }
}

/** @param {Settings} settings @returns {Promise<{ port?: number, problem?: Problem }>} */
async function tryPort({ listen }) {
  const server = net.createServer()
  try {
    server.listen(listen.port, listen.host)
    await once(server, 'listening')
    const { port } = /** @type {net.AddressInfo} */ (server.address())
    await new Promise((resolve) => server.close(resolve))
    return { port }
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error)
    const why = {
      EADDRINUSE: 'is taken by another program',
      EACCES: 'is for root alone',
      EADDRNOTAVAIL: 'is no address of this machine',
      ENOTFOUND: 'is no name that this machine knows',
    }[String(code)]
    const what = `${written(listen)} ${why ?? `cannot be opened (${code})`}`
    const remedy = 'Choose another one: LISTEN=127.0.0.1:8444'
    return { problem: { setting: 'LISTEN', what, remedy } }
  }
}

/**
 * Shakes hands as nginx will, and asks for nothing: an alert about the client's certificate comes with the answer.
 * @param {Settings} settings
 * @returns {Promise<{ host?: string, problem?: Problem }>}
 */
async function tryPlatform({ platform, name, ca, clientCert, clientKey }) {
  const socket = tls.connect({
    ...platform,
    servername: name,
    ca: ca.pem,
    cert: clientCert.pem,
    key: clientKey.pem,
    // By OpenSSL's defaults nginx takes what Node takes.
    timeout: PATIENCE_MS,
  })
  try {
    await new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.once('timeout', () => reject(Object.assign(new Error(), { code: 'ETIMEDOUT' })))
      socket.once('end', () => reject(Object.assign(new Error(), { code: 'ECONNRESET' })))
      socket.once('data', resolve)
      socket.once('secureConnect', () => {
        socket.write(`HEAD / HTTP/1.1\r\nHost: ${written(platform)}\r\nConnection: close\r\n\r\n`)
      })
    })
    return { host: String(socket.remoteAddress) }
  } catch (error) {
    return { problem: explained(/** @type {any} */ (error), written(platform), name) }
  } finally {
    socket.destroy()
  }
}

/**
 * @param {Error & { code?: string, cert?: tls.PeerCertificate }} error
 * @param {string} platform
 * @param {string} name
 * @returns {Problem}
 */
function explained({ code = '', message, cert }, platform, name) {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = cert?.subjectaltname?.replaceAll('DNS:', '') ?? cert?.subject?.CN
    const what = `${name} is not in the certificate of ${platform}, which is for ${names}`
    return { setting: 'PLATFORM_NAME', what, remedy: 'Set a name that the certificate is for.' }
  }
  if (/SELF_SIGNED|UNABLE_TO|CERT_UNTRUSTED|INVALID_CA|SIGNATURE_FAILURE/.test(code)) {
    const what = `none of its certificates signed that of ${platform} (${code})`
    const remedy = 'Set the authority of this platform, its intermediate certificates included.'
    return { setting: 'CA', what, remedy }
  }
  if (/ALERT|ECONNRESET/.test(code)) {
    const what = `${platform} does not accept it (${code})`
    const remedy = 'Set the certificate that the platform’s operator has registered.'
    return { setting: 'CLIENT_CERT', what, remedy }
  }
  const why = {
    ENOTFOUND: 'no such host',
    EAI_AGAIN: 'the host’s address cannot be looked up',
    ECONNREFUSED: 'nobody listens there',
    ETIMEDOUT: 'no answer in time',
    CERT_HAS_EXPIRED: 'its certificate has expired',
  }[code]
  return {
    setting: 'PLATFORM',
    what: `${platform}: ${why ?? `${code} ${message}`}`,
    remedy: 'Check host and port, and that nothing between here and there keeps you out.',
  }
}
