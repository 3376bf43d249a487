// Pages, frames and workers of one browser that share a token store, and a server that they log in to.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import http from 'node:http'
import { join, normalize } from 'node:path'

import puppeteer from 'puppeteer-core'

import { launchChromium } from './chromium.js'
import { root } from './simulator.js'

const FIREFOX = process.env['FIREFOX'] || '/usr/bin/firefox-esr'

/** A name that is no loopback one, so that its pages have no secure context. */
export const PLAIN_HOST = 'console.example'

/** How long the platform takes for a login: enough for a second one to begin meanwhile. */
const LOGIN_MS = 30

/** The page, which a frame with an opaque origin loads as well. */
const PAGE = `<!doctype html><title>stores</title>
<script type="module" crossorigin src="/tests/js/pages/stores.js"></script>`

/** @typedef {Awaited<ReturnType<typeof startTabs>>} Tabs */
/** @typedef {import('puppeteer-core').Page} Page */

/**
 * @param {() => Promise<import('puppeteer-core').Browser>} [launch]
 */
export async function startTabs(launch = chromium) {
  const server = await startServer()
  const browser = await launch().catch(async (error) => {
    await server.stop()
    throw error
  })
  const origins = {
    loopback: `http://127.0.0.1:${server.port}`,
    plain: `http://${PLAIN_HOST}:${server.port}`,
  }
  return {
    ...server,
    browser,
    origins,
    /** A page with `stores` as a global. */
    async open(origin = origins.loopback) {
      const page = await browser.newPage()
      await page.goto(`${origin}/`)
      await page.waitForFunction(() => 'stores' in globalThis)
      return page
    },
    /** @param {number} count */
    async openMany(count, origin = origins.loopback) {
      return Promise.all(Array.from({ length: count }, () => this.open(origin)))
    },
    /**
     * A page that logs in and gets no answer before `release`.
     * @param {string} key
     * @param {number} leaseMs
     */
    async loginUnderWay(key, leaseMs) {
      const page = await this.open()
      const login = server.holdLogin()
      await page.evaluate(
        (asked) => {
          stores.getReady(asked)
          stores.go()
        },
        { key, owner: 'holder', leaseMs },
      )
      await login.arrived
      return { page, release: login.release, since: performance.now() }
    },
    /**
     * A worker with `stores` as a global, which begins with the page.
     * @param {Page} page
     * @param {'dedicated' | 'shared' | 'service'} kind
     */
    worker: (page, kind) => startWorker(browser, page, kind),
    async stop() {
      await browser.close()
      await server.stop()
    },
  }
}

/** @param {string} [userDataDir] a profile of the test's own */
export async function chromium(userDataDir) {
  const args = [`--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`]
  return launchChromium({ args, ...(userDataDir === undefined ? {} : { userDataDir }) })
}

export async function firefox() {
  assert.ok(existsSync(FIREFOX), `no Firefox at ${FIREFOX}: install it, or set FIREFOX`)
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: FIREFOX,
    extraPrefsFirefox: { 'network.dns.localDomains': PLAIN_HOST },
  })
}

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {Page} page
 * @param {'dedicated' | 'shared' | 'service'} kind
 */
async function startWorker(browser, page, kind) {
  const script = '/tests/js/pages/stores.js'
  if (kind === 'dedicated') {
    const created = new Promise((resolve) => page.once('workercreated', resolve))
    await page.evaluate((url) => void new Worker(url, { type: 'module' }), script)
    return loaded(/** @type {import('puppeteer-core').WebWorker} */ (await created))
  }
  await page.evaluate(
    async (url, isShared) => {
      if (isShared) return void new SharedWorker(url, { type: 'module' })
      await navigator.serviceWorker.register(url, { type: 'module' })
      return undefined
    },
    script,
    kind === 'shared',
  )
  const target = await browser.waitForTarget((each) => each.type() === `${kind}_worker`)
  const worker = await target.worker()
  if (!worker) throw new Error(`the ${kind} worker has ended`)
  return loaded(worker)
}

/** @param {import('puppeteer-core').WebWorker} worker */
async function loaded(worker) {
  for (;;) {
    if (await worker.evaluate(() => 'stores' in globalThis)) return worker
  }
}

/** Serves the modules as they stand in the repository, and counts logins. */
async function startServer() {
  /** @type {{ key: string, token: string }[]} */
  const logins = []
  /** @type {{ arrived: () => void, until: Promise<void> } | undefined} */
  let held

  /** @param {http.ServerResponse} response @param {string} key */
  async function login(response, key) {
    const token = `token-${logins.length + 1}`
    logins.push({ key, token })
    const hold = held
    held = undefined
    hold?.arrived()
    await (hold?.until ?? new Promise((resolve) => setTimeout(resolve, LOGIN_MS)))
    answer(response, 200, 'application/json', JSON.stringify({ accessToken: token }))
  }

  const server = http.createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host')
    if (pathname === '/login') return login(response, searchParams.get('key') ?? '')
    if (pathname === '/') return answer(response, 200, 'text/html', PAGE)
    if (pathname === '/elsewhere') return answer(response, 200, 'text/html', '<title>no</title>')
    if (pathname === '/sandbox') {
      const frame = '<iframe sandbox="allow-scripts" src="/"></iframe>'
      return answer(response, 200, 'text/html', `<!doctype html>${frame}`)
    }
    const file = fileOf(pathname)
    const text = file && (await readFile(file).catch(() => undefined))
    if (!text) return answer(response, 404, 'text/plain', 'not here')
    answer(response, 200, 'text/javascript', text)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return {
    port,
    /** @param {string} key */
    loginsOf: (key) => logins.filter((each) => each.key === key).map(({ token }) => token),
    /** The next login gets no answer before `release`. */
    holdLogin() {
      /** @type {() => void} */
      let release = () => {}
      /** @type {Promise<void>} */
      const until = new Promise((resolve) => (release = resolve))
      /** @type {Promise<void>} */
      const arrived = new Promise((resolve) => (held = { arrived: resolve, until }))
      return { arrived, release }
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/**
 * A module of the tests stands in for the bundle of the package.
 *
 * @param {string} pathname
 */
function fileOf(pathname) {
  const path = normalize(decodeURIComponent(pathname))
  if (path === '/pkg-template/northbound.js') return join(root, 'tests/js/pages/northbound.js')
  return /^\/(pkg-template|src\/js|tests\/js\/pages)\/[\w-]+\.js$/.test(path)
    ? join(root, path)
    : undefined
}

/**
 * @param {http.ServerResponse} response
 * @param {number} status
 * @param {string} type
 * @param {string | Buffer} body
 */
function answer(response, status, type, body) {
  // A frame with an opaque origin may read it too.
  const headers = { 'content-type': type, 'access-control-allow-origin': '*' }
  response.writeHead(status, { ...headers, 'cache-control': 'no-store' }).end(body)
}

/**
 * All pages ask at the same moment; in each round the token of the last one counts as refused.
 *
 * @param {Tabs} tabs
 * @param {(Page | import('puppeteer-core').WebWorker)[]} pages and workers
 * @param {{ name: string, key: string, rounds: number, leaseMs?: number, untilDoubled?: boolean }} asked `untilDoubled`: ends with the first round of two logins
 * @returns {Promise<{ logins: number, tokens: string[], turns: import('../pages/stores.js').Turn[] }[]>}
 */
export async function playRounds(
  tabs,
  pages,
  { name, key, rounds, leaseMs = 10_000, untilDoubled = false },
) {
  const [speaker] = pages
  if (!speaker) throw new Error('rounds need pages')
  const played = []
  /** @type {string | undefined} */
  let rejected
  for (let round = 0; round < rounds; round += 1) {
    const before = tabs.loginsOf(key).length
    await Promise.all(
      pages.map((page, index) => {
        const owner = `page-${index}`
        const asked = { name, key, owner, leaseMs, ...(rejected ? { rejected } : {}) }
        return page.evaluate((each) => stores.getReady(each), asked)
      }),
    )
    await speaker.evaluate(() => stores.go())
    const turns = await Promise.all(pages.map((page) => page.evaluate(() => stores.finish())))
    const tokens = [...new Set(turns.map(({ accessToken }) => accessToken))]
    const logins = tabs.loginsOf(key).length - before
    played.push({ logins, tokens, turns })
    if (untilDoubled && logins > 1) break
    rejected = tokens[0]
  }
  return played
}

/**
 * Each round has one login, whose token all pages have.
 * @param {Awaited<ReturnType<typeof playRounds>>} played
 */
export function checkTurns(played) {
  played.forEach(({ logins, tokens, turns }, round) => {
    assert.equal(logins, 1, `logins of round ${round}`)
    assert.equal(tokens.length, 1, `tokens of round ${round}`)
    const stored = turns.filter(({ loggedIn }) => loggedIn).map((turn) => turn.stored)
    assert.deepEqual(stored, [true], `commits of round ${round}`)
    assert.ok(turns.every(({ generation }) => generation === round + 1))
  })
}

/**
 * Rounds on a store without atomic steps, some of which must have two logins: else rounds prove nothing.
 * @param {Tabs} tabs
 * @param {import('node:test').TestContext} t
 * @param {number} rounds
 */
export async function checkThatRacesShow(tabs, t, rounds) {
  const pages = await tabs.openMany(6)
  t.after(() => Promise.all(pages.map((page) => page.close())))
  const asked = { name: 'racy', key: 'racy', rounds, leaseMs: 500 }
  const played = await playRounds(tabs, pages, asked)
  const doubled = played.filter(({ logins }) => logins > 1).length
  t.diagnostic(`two logins or more in ${doubled} of ${rounds} rounds`)
  assert.ok(doubled > 0)
}
