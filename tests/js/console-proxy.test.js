// `make proxy`: its settings, and the console through nginx on the platform's TLS address with a client certificate.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { writeFileSync } from 'node:fs'
import https from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'

import { headersOfPage } from '../../www/policy.js'
import { launchChromium } from './support/chromium.js'
import { openTab, serveConsole, until } from './support/console.js'
import { leaksIn } from './support/leaks.js'
import { judgeSettings, startProxy } from './support/proxy.js'
import { APP, root } from './support/simulator.js'

const CONNECT = ['https://*.aliyuncs.com', 'wss://*.mqtt.aliyuncs.com']
const LOGIN = '/iot/iocm/app/sec/v1.1.0/login'

/** @type {Awaited<ReturnType<typeof serveConsole>>} */
let sim
/** Settings that are right. @type {Record<string, string>} */
let right
let folder = ''
const file = (/** @type {string} */ name) => path.join(folder, name)

before(async () => {
  sim = await serveConsole()
  folder = mkdtempSync(path.join(tmpdir(), 'northbound-proxy-test-'))
  right = {
    PLATFORM: new URL(sim.tls).host.replace('localhost', '127.0.0.1'),
    PLATFORM_NAME: 'localhost',
    CLIENT_CERT: `${sim.certificates}/client.pem`,
    CLIENT_KEY: `${sim.certificates}/client.key`,
    CA: `${sim.certificates}/ca.pem`,
    LISTEN: '127.0.0.1:0',
  }
  openssl(
    'pkey',
    '-in',
    right['CLIENT_KEY'],
    '-aes256',
    '-passout',
    'pass:x',
    '-out',
    file('locked.key'),
  )
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const made = ['-keyout', file('site.key'), '-out', file('site.pem')]
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-noenc', '-days', '2', ...name, ...made)
  makeExpired()
  writeFileSync(file('no.pem'), 'no certificate\n')
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await sim?.stop()
})
beforeEach(() => sim.control('DELETE', '/journal'))

/** @param {string[]} args */
function openssl(...args) {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
}

/** A pair whose time is over, old.pem and old.key. */
function makeExpired() {
  const settings = ['database=index.txt', 'new_certs_dir=.', 'rand_serial=yes', 'default_md=sha256']
  const lines = [
    '[ca]',
    'default_ca=c',
    '[c]',
    ...settings,
    'policy=p',
    '[p]',
    'commonName=supplied',
  ]
  writeFileSync(file('ca.cnf'), lines.join('\n'))
  writeFileSync(file('index.txt'), '')
  const asked = ['-subj', '/CN=old', '-keyout', 'old.key', '-out', 'old.csr']
  openssl('req', '-new', '-newkey', 'rsa:2048', '-noenc', ...asked)
  const time = ['-startdate', '20200101000000Z', '-enddate', '20200201000000Z']
  const files = ['-keyfile', 'old.key', '-in', 'old.csr', '-out', 'old.pem', '-notext']
  openssl('ca', '-batch', '-config', 'ca.cnf', '-selfsign', ...time, ...files)
}

describe('its settings', () => {
  /** What is changed, and what is said of it. @type {() => [Record<string, string>, RegExp][]} */
  const wrong = () => [
    [{ PLATFORM: '' }, /PLATFORM is missing/],
    [{ PLATFORM: 'iot.example.com' }, /PLATFORM iot\.example\.com: no host:port/],
    [{ PLATFORM: 'https://iot.example.com:8743' }, /PLATFORM .*: no host:port/],
    [{ PLATFORM: '127.0.0.1:1' }, /PLATFORM 127\.0\.0\.1:1: nobody listens/],
    [
      { PLATFORM: 'no-such-host.invalid:8743', PLATFORM_NAME: '' },
      /PLATFORM .*(no such|looked up)/,
    ],
    [{ PLATFORM_NAME: '' }, /PLATFORM_NAME is missing, and PLATFORM is a bare address/],
    [{ PLATFORM_NAME: 'other' }, /PLATFORM_NAME other is not in .*, which is for localhost/],
    [{ PLATFORM_NAME: 'a;b' }, /PLATFORM_NAME a;b: no host name/],
    [{ CLIENT_CERT: '' }, /CLIENT_CERT is missing/],
    [{ CLIENT_CERT: file('nowhere.pem') }, /CLIENT_CERT .*nowhere\.pem: there is no such file/],
    [{ CLIENT_CERT: file('no.pem') }, /CLIENT_CERT .*: no certificate in PEM form/],
    [{ CLIENT_CERT: file('old.pem'), CLIENT_KEY: file('old.key') }, /CLIENT_CERT .* is good from/],
    [
      {
        CLIENT_CERT: `${sim.certificates}/foreign-client.pem`,
        CLIENT_KEY: `${sim.certificates}/foreign-client.key`,
      },
      /CLIENT_CERT 127\.0\.0\.1:\d+ does not accept it/,
    ],
    [{ CLIENT_KEY: '' }, /CLIENT_KEY is missing/],
    [{ CLIENT_KEY: file('site.key') }, /CLIENT_KEY .*site\.key: does not belong to CLIENT_CERT/],
    [{ CLIENT_KEY: file('locked.key') }, /CLIENT_KEY .*locked\.key: has a passphrase/],
    [{ CLIENT_KEY: file('no.pem') }, /CLIENT_KEY .*no\.pem: no private key/],
    [{ CA: '' }, /CA is missing/],
    [{ CA: `${sim.certificates}/foreign-ca.pem` }, /CA none of its certificates signed/],
    [{ LISTEN: '8443' }, /LISTEN 8443: no host:port/],
    [{ LISTEN: '0.0.0.0:0' }, /LISTEN 0\.0\.0\.0 is seen by other machines/],
    [
      { LISTEN: '192.0.2.1:0', SITE_CERT: file('site.pem'), SITE_KEY: file('site.key') },
      /LISTEN .* no address of this/,
    ],
    [{ SITE_CERT: file('site.pem') }, /SITE_KEY is missing/],
    [{ SITE_KEY: file('site.key') }, /SITE_CERT is missing/],
    [{ ALLOW: '10.0.0.0/8, everybody' }, /ALLOW everybody: no address/],
    [{ ALLOW: '10.0.0.0/33' }, /ALLOW 10\.0\.0\.0\/33: no address/],
    [{ ORIGIN: 'tool.example.com' }, /ORIGIN tool\.example\.com: no origin/],
    [
      { CONNECT: "wss://broker.example.com 'unsafe-inline'" },
      /CONNECT 'unsafe-inline': no address/,
    ],
  ]

  test('that are wrong are told by name with the remedy, before nginx starts', async () => {
    const temporary = mkdtempSync(file('temporary-'))
    for (const [change, said] of wrong()) {
      const settings = { ...right, ...change, TMPDIR: temporary }
      const { code, out, err } = await judgeSettings(settings, [])
      const what = JSON.stringify(change)
      assert.equal(code, 2, `${what}: ${err}`)
      assert.match(err, said, what)
      assert.match(err, /^proxy: [A-Z_]+ .+\n {7}\S/, `${what}: a remedy`)
      assert.equal(err.match(/^proxy:/gm)?.length, 1, `${what}: nothing else is wrong: ${err}`)
      assert.equal(out, '')
    }
    assert.equal(
      readdirSync(tmpdir()).some((name) => /^northbound-proxy-\w{6}$/.test(name)),
      false,
    )
  })

  test('are all told at once, with an explanation, where there are none', () => {
    // By the command itself: it neither installs nor builds before.
    const started = Date.now()
    const run = () =>
      execFileSync(path.join(root, 'scripts/proxy'), {
        cwd: folder,
        env: { PATH: process.env['PATH'], HOME: folder },
        stdio: 'pipe',
      })
    assert.throws(run, (/** @type {any} */ { status, stderr }) => {
      assert.equal(status, 2)
      for (const name of ['PLATFORM', 'CLIENT_CERT', 'CLIENT_KEY', 'CA'])
        assert.match(String(stderr), new RegExp(`^proxy: ${name} is missing$`, 'm'))
      assert.match(String(stderr), /--simulator/)
      return true
    })
    assert.ok(Date.now() - started < 5000)
  })

  test('are listed by --help', async () => {
    const { code, out } = await judgeSettings({}, ['--help'])
    assert.equal(code, 0)
    for (const name of [
      ...Object.keys(right),
      'SITE_CERT',
      'SITE_KEY',
      'ALLOW',
      'ORIGIN',
      'CONNECT',
    ])
      assert.match(out, new RegExp(`^  ${name} `, 'm'))
  })

  test('are taken from a file, whose paths begin where it is; the environment goes before', async () => {
    execFileSync('cp', [
      ...['CLIENT_CERT', 'CLIENT_KEY', 'CA'].map((name) => String(right[name])),
      folder,
    ])
    const lines = [
      '# our platform',
      `export PLATFORM="${right['PLATFORM']}" # "the bench"`,
      "PLATFORM_NAME='other'",
      'CLIENT_CERT=client.pem   # ours',
      'CLIENT_KEY=client.key',
      'CA = ca.pem',
    ]
    const settings = file('proxy.env')
    const environment = { PLATFORM_NAME: 'localhost', LISTEN: '127.0.0.1:0' }
    const judge = () => judgeSettings(environment, ['--check', '--settings', settings])
    writeFileSync(settings, lines.join('\n'))
    const told = await judge()
    assert.match(told.err, /^proxy: line 6 is no setting, in line 6 of /m)
    writeFileSync(settings, [...lines.slice(0, -1), 'CA=ca.pem', 'SECRET=x'].join('\n'))
    assert.match((await judge()).err, /^proxy: SECRET is no setting, in line 7 of /m)
    writeFileSync(settings, [...lines.slice(0, -1), 'CA=ca.pem', ''].join('\r\n'))
    assert.deepEqual(await judge(), { code: 0, out: '', err: '' })
  })

  test('an option that is none is told as such', async () => {
    const { code, err } = await judgeSettings(right, ['--check', '--simulate'])
    assert.equal(code, 2)
    assert.match(err, /^proxy: Unknown option '--simulate'.*\n +--help lists/)
    assert.doesNotMatch(err, /^ +at /m)
  })

  test('a port that is taken is told', async () => {
    const server = createServer()
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
    const { code, err } = await judgeSettings({ ...right, LISTEN: `127.0.0.1:${port}` })
    await new Promise((resolve) => server.close(resolve))
    assert.equal(code, 2)
    assert.match(err, /LISTEN 127\.0\.0\.1:\d+ is taken/)
  })
})

describe('what it starts', () => {
  test('serves the page with the strictest policy, compressed, and calls for this machine alone', async () => {
    const proxy = await startProxy(right)
    try {
      const answer = await fetch(proxy.address)
      const policy = headersOfPage(CONNECT)['Content-Security-Policy']
      const expected = { ...headersOfPage(CONNECT), 'Cache-Control': 'no-cache' }
      for (const [name, value] of Object.entries(expected))
        assert.equal(answer.headers.get(name), value, name)
      assert.match(String(answer.headers.get('content-security-policy')), /frame-ancestors 'none'/)
      assert.equal(answer.headers.get('server'), 'nginx')
      const html = await answer.text()
      const script = await fetch(`${proxy.address}/${/assets\/[^"]+\.js/.exec(html)}`)
      assert.equal(script.headers.get('content-encoding'), 'gzip')
      assert.equal(script.headers.get('content-security-policy'), policy)
      assert.equal((await fetch(`${proxy.address}${LOGIN}`, { method: 'POST' })).status, 400)
      assert.equal((await fetch(`${proxy.address}/iot/iocm/app/data`)).status, 404)
    } finally {
      assert.equal(await proxy.stop(), 0)
    }
  })

  test('copies no key, leaves nothing behind, and serves as nobody where root runs it', async () => {
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
      const proxy = await startProxy(right)
      const where = path.dirname(proxy.log)
      for (const name of ['client.pem', 'client.key', 'ca.pem'])
        assert.ok(lstatSync(path.join(where, name)).isSymbolicLink(), name)
      // Ports are open before the one that serves is there; others come and go while they are listed.
      await until(() => {
        const serving = servers(proxy.pid)
        assert.equal(serving.length, 1)
        assert.notEqual(serving[0]?.uid, 0)
      })
      assert.equal(await proxy.stop(signal), 0)
      assert.equal(existsSync(where), false)
      await assert.rejects(fetch(proxy.address))
    }
  })

  test('allows the networks that are named, and no other', async () => {
    const proxy = await startProxy({ ...right, ALLOW: '10.0.0.0/8' })
    const { status } = await fetch(`${proxy.address}${LOGIN}`, { method: 'POST' })
    await proxy.stop()
    assert.equal(status, 403)
    assert.deepEqual(await sim.journal(), [])
  })

  test('speaks https by a certificate of the site, and answers preflights of a named origin', async () => {
    const site = { SITE_CERT: file('site.pem'), SITE_KEY: file('site.key') }
    const proxy = await startProxy({ ...right, ...site, ORIGIN: 'https://tool.example.com' })
    try {
      assert.match(proxy.address, /^https:/)
      const ask = (/** @type {string} */ origin) => preflight(`${proxy.address}${LOGIN}`, origin)
      assert.equal(await ask('https://tool.example.com'), 'https://tool.example.com')
      assert.equal(await ask('https://other.example.com'), undefined)
    } finally {
      await proxy.stop()
    }
  })

  test('is tried with a simulator of its own', async () => {
    const { NORTHBOUND_SIMULATOR = `${root}target/debug/northbound-simulator` } = process.env
    const settings = { NORTHBOUND_SIMULATOR, LISTEN: '127.0.0.1:0' }
    const proxy = await startProxy(settings, ['--simulator'])
    try {
      const body = new URLSearchParams(APP)
      const answer = await fetch(`${proxy.address}${LOGIN}`, { method: 'POST', body })
      assert.equal(answer.status, 200)
    } finally {
      assert.equal(await proxy.stop('SIGINT'), 0)
    }
  })
})

/** Which origin an address allows, trusting the site's certificate. @param {string} address @param {string} origin */
async function preflight(address, origin) {
  const ca = readFileSync(file('site.pem'))
  const asked = https.request(address, {
    ...{ method: 'OPTIONS', servername: 'localhost', headers: { origin }, agent: false, ca },
  })
  const [answer] = await once(asked.end(), 'response')
  answer.resume()
  return answer.headers['access-control-allow-origin']
}

/** The processes of nginx that serve: children of the one below the script. @param {number} script */
function servers(script) {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/status`))
    .map((pid) => {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      const number = (/** @type {RegExp} */ line) => Number(line.exec(status)?.[1])
      const nginx = /^Name:\s+nginx$/m.test(status)
      return {
        pid: Number(pid),
        parent: number(/^PPid:\s+(\d+)/m),
        uid: number(/^Uid:\s+(\d+)/m),
        nginx,
      }
    })
    .filter(({ nginx }) => nginx)
  const masters = all.filter(({ parent }) => parent === script)
  return all.filter(({ parent }) => masters.some(({ pid }) => pid === parent))
}

test('the example has the console’s policy, of which scripts/proxy widens what may be called', () => {
  const text = readFileSync(path.join(root, 'examples/nginx/northbound.conf'), 'utf8')
  for (const [name, value] of Object.entries(headersOfPage())) {
    const written = /[ ;]/.test(value) ? `"${value}"` : value
    assert.ok(text.includes(`add_header ${name} ${written} always;`), `${name} ${written}`)
  }
})

describe('the console through it', () => {
  /** @type {import('puppeteer-core').Browser} */
  let browser
  /** @type {Awaited<ReturnType<typeof startProxy>>} */
  let proxy
  before(async () => {
    browser = await launchChromium()
    proxy = await startProxy(right)
  })
  after(async () => {
    await browser?.close()
    await proxy?.stop()
  })

  test('logs in, registers a device and refreshes its key; nginx writes down no secret', async () => {
    const tab = await openTab(browser.defaultBrowserContext(), proxy.address, {
      secrets: [APP.secret],
    })
    await tab.fill('connection-baseUrl', '/iot')
    await tab.fill('connection-appId', APP.appId)
    await tab.fill('connection-secret', APP.secret)
    await tab.click('login')
    await tab.shows('connection-state', `logged in as ${APP.appId}`)
    await tab.fill('register-nodeId', 'meter-1')
    await tab.click('register-submit')
    await tab.shows('status', 'Registered meter-1')
    const deviceId = await tab.text('device-id')
    await sim.control('POST', `/devices/${deviceId}/activate`)
    await sim.control('POST', `/devices/${deviceId}/offline`)
    await tab.click('device-refresh')
    await tab.click('refresh-submit')
    await tab.shows('status', 'The device has a new verification code')
    await tab.nothingLeaked()

    const calls = await sim.journal()
    assert.deepEqual(
      calls.map((/** @type {any} */ { operation, status }) => `${operation} ${status}`),
      ['login 200', 'regDirectDevice 200', 'refreshDeviceKey 200'],
    )
    for (const { headers } of calls) assert.match(headers['user-agent'], /Chrome/)
    const foreign = tab.seen.urls.filter((url) => url && !url.startsWith(proxy.address))
    assert.deepEqual(foreign, [])

    await until(() => assert.ok(readFileSync(proxy.log, 'utf8').includes(deviceId)))
    const text = readFileSync(proxy.log, 'utf8') + proxy.said.err + proxy.said.out
    const secrets = Object.fromEntries(tab.seen.secrets.map((secret, i) => [`secret ${i}`, secret]))
    assert.ok(tab.seen.secrets.length >= 5)
    assert.deepEqual(leaksIn([{ channel: 'nginx', situation: 'calls', text }], secrets), [])
  })
})
