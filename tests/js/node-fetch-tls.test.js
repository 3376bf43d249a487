// What `nodeFetch` does with a PKCS#12 archive and a server name, against real TLS.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import https from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'

import { refusedBy } from './support/refused.js'
import { startSimulator } from './support/simulator.js'

/** @type {import('northbound/node')} */
const { nodeFetch } = await import(new URL('../../pkg/node-only.js', import.meta.url).href)
const refused = refusedBy(nodeFetch)

const PASSPHRASE = 's3cret'
const folder = mkdtempSync(path.join(tmpdir(), 'northbound-tls-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** @param {string[]} args */
const openssl = (...args) =>
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })

/** @type {import('northbound').SendInit} */
const GET = {
  method: 'GET',
  headers: {},
  redirect: 'manual',
  cache: 'no-store',
  credentials: 'same-origin',
  referrerPolicy: 'no-referrer',
}

describe('a PKCS#12 archive', () => {
  /** @type {Awaited<ReturnType<typeof startSimulator>>} */
  let sim
  /** @param {string} name */
  const file = (name) => path.join(sim.certificates, name)
  /**
   * @param {string} who whose certificate and key
   * @param {string[]} further arguments of `openssl pkcs12 -export`
   */
  const archive = (who, ...further) =>
    openssl(
      ...['pkcs12', '-export', '-passout', `pass:${PASSPHRASE}`],
      ...['-in', file(`${who}.pem`), '-inkey', file(`${who}.key`), ...further],
    )
  const ca = () => readFileSync(file('ca.pem'))

  before(async () => {
    sim = await startSimulator()
  })
  after(() => sim.stop())

  test('takes the place of certificate and key, whatever view its bytes are', async () => {
    const bytes = archive('client')
    const own = new Uint8Array(bytes.length + 7)
    own.set(bytes, 7)
    for (const pfx of [bytes, new Uint8Array(bytes), own.subarray(7)]) {
      const send = nodeFetch({ ca: ca(), pfx, passphrase: PASSPHRASE })
      const answer = await send(`${sim.tls}/nowhere`, GET)
      assert.ok(answer.status >= 400 && answer.status < 500)
    }
  })

  test('without a passphrase is taken as it is', async () => {
    const pfx = archive('client', '-passout', 'pass:')
    const answer = await nodeFetch({ ca: ca(), pfx })(`${sim.tls}/nowhere`, GET)
    assert.ok(answer.status >= 400 && answer.status < 500)
  })

  test('of a foreign client is refused by the server, and none of ours reaches a foreign one', async () => {
    const options = { pfx: archive('foreign-client'), passphrase: PASSPHRASE }
    await assert.rejects(
      nodeFetch({ ...options, ca: ca() })(sim.tls, GET),
      (/** @type {any} */ error) => typeof error.code === 'string',
    )
    const send = nodeFetch({ pfx: archive('client'), passphrase: PASSPHRASE })
    await assert.rejects(send(sim.tls, GET), { code: /CERT|ISSUER|SIGNATURE/ })
  })

  test('is read once, when the sender is made', async () => {
    const pfx = archive('client')
    const send = nodeFetch({ ca: ca(), pfx, passphrase: PASSPHRASE })
    pfx.fill(0)
    const answer = await send(`${sim.tls}/nowhere`, GET)
    assert.ok(answer.status >= 400 && answer.status < 500)
  })

  test('is refused where it cannot be opened', () => {
    const pfx = archive('client')
    refused({ pfx }, 'options.pfx', /give `options.passphrase`/)
    refused({ pfx, passphrase: 'wr0ng' }, 'options.pfx', /cannot be opened/)
    const old = archive('client', '-legacy')
    refused({ pfx: old, passphrase: PASSPHRASE }, 'options.pfx', /does not read any more/)
    const bare = archive('client', '-nomac')
    refused({ pfx: bare }, 'options.pfx', /give `options.passphrase`/)
    refused({ pfx: bare, passphrase: PASSPHRASE }, 'options.pfx', /has no MAC/)
  })

  test('is refused where it is none, or lacks the certificate or the key', () => {
    const passphrase = PASSPHRASE
    for (const pfx of ['client.pfx', [archive('client')], null, 1, {}]) {
      refused({ pfx, passphrase }, 'options.pfx', /not the bytes of .*not its name/)
    }
    const cut = archive('client').subarray(0, 500)
    for (const pfx of [new Uint8Array(0), ca(), cut, archive('client', '-nokeys')]) {
      refused({ pfx, passphrase }, 'options.pfx', /no PKCS#12 archive|damaged/)
    }
    const keyAlone = archive('client', '-nocerts')
    refused({ pfx: keyAlone, passphrase }, 'options.pfx', /with a certificate and its key/)
  })

  test('is refused beside a certificate or a key', () => {
    const [cert, key] = ['client.pem', 'client.key'].map((name) => readFileSync(file(name)))
    const options = { pfx: archive('client'), passphrase: PASSPHRASE }
    refused({ ...options, cert }, 'options.cert', /twice/)
    refused({ ...options, key }, 'options.key', /twice/)
    refused({ ...options, ca: 'ca.pem' }, 'options.ca', /not its name/)
  })
})

describe('a server name', () => {
  /** @type {https.Server} */
  let server
  /** @type {unknown[]} */
  const asked = []
  const read = (/** @type {string} */ name) => readFileSync(path.join(folder, name), 'utf8')
  const url = () => `https://127.0.0.1:${/** @type {any} */ (server.address()).port}/`

  before(async () => {
    openssl(
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=iot'],
      ...['-keyout', 'iot.key', '-out', 'iot.pem'],
      ...['-addext', 'subjectAltName=DNS:iot.example.com'],
    )
    server = https.createServer(
      { cert: read('iot.pem'), key: read('iot.key') },
      (request, response) => {
        asked.push(
          /** @type {import('node:tls').TLSSocket & { servername: unknown }} */ (request.socket)
            .servername,
        )
        response.end('ok')
      },
    )
    await once(server.listen(0, '127.0.0.1'), 'listening')
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  test('is asked for, and is what the certificate is compared with', async () => {
    const ca = read('iot.pem')
    await assert.rejects(nodeFetch({ ca })(url(), GET), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
    await assert.rejects(nodeFetch({ ca, servername: 'other.example.com' })(url(), GET), {
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
    assert.deepEqual(asked, [])
    const answer = await nodeFetch({ ca, servername: 'iot.example.com' })(url(), GET)
    assert.equal(answer.status, 200)
    assert.deepEqual(asked, ['iot.example.com'])
  })

  test('does not make a server trusted whose CA is not', async () => {
    const send = nodeFetch({ servername: 'iot.example.com' })
    await assert.rejects(send(url(), GET), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  })

  test('is refused unless it is a host name', () => {
    const wrong = ['', ' ', '127.0.0.1', '::1', 'a b', 'a..b', 'https://a', 'a:1', 'ä.example', 1]
    for (const servername of [...wrong, null, {}, 'a'.repeat(64), 'a.'.repeat(127) + 'ab']) {
      refused({ servername }, 'options.servername', /not a host name/)
    }
    for (const servername of ['localhost', 'a_b.example.com', 'xn--4ca.example', undefined]) {
      nodeFetch({ servername })
    }
  })
})
