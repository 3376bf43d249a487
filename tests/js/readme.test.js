// The README and the guides: their links lead somewhere, their code compiles, and what it says is so.
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'

import { runModule } from './support/child.js'
import { complaints } from './support/compile.js'
import { blockNamed, blocksOf } from './support/markdown.js'
import { importPackage, installPackage } from './support/package.js'
import { APP, root, startSimulator } from './support/simulator.js'

const GUIDES = readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)
const PAGES = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'examples/README.md', ...GUIDES]
const DEMO = 'http://127.0.0.1:8080'
const INSTANCE = 'post-cn-simulator01'

/** @param {string} page */
const read = (page) => readFileSync(join(root, page), 'utf8')

/** What a page links to, code left out. @param {string} page */
function linksOf(page) {
  const prose = read(page)
    .replaceAll(/^```.*?^```$/gms, '')
    .replaceAll(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
}

/** The anchors of a page's headlines, as hosts of repositories make them. @param {string} page */
function anchorsOf(page) {
  const headlines =
    read(page)
      .replaceAll(/^```.*?^```$/gms, '')
      .match(/^#+ .*$/gm) ?? []
  return headlines.map((line) => {
    const text = line.replace(/^#+ /, '').toLowerCase()
    return text.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-')
  })
}

describe('links', () => {
  for (const page of PAGES) {
    test(`of ${page} lead to a file, and to a headline in it`, () => {
      for (const link of linksOf(page)) {
        if (/^https?:/.test(link)) continue
        const [path = '', anchor] = link.split('#')
        const target = path === '' ? page : join(dirname(page), path)
        assert.ok(existsSync(join(root, target)), `${page} links to ${link}`)
        if (anchor) assert.ok(anchorsOf(target).includes(anchor), `${page} links to ${link}`)
      }
    })
  }

  test('of the README lead to files that are in the package too', () => {
    const files = readdirSync(join(installPackage(), 'node_modules/northbound'))
    const links = linksOf('README.md').filter((link) => !/^(https?:|#)/.test(link))
    assert.ok(links.length > 0)
    for (const link of links) assert.ok(files.includes(link), `the package has no ${link}`)
  })

  test('every guide is named in the README, and every one that it names is there', () => {
    const named = new Set(read('README.md').match(/\bdocs\/[\w-]+\.md\b/g))
    assert.deepEqual([...named].sort(), GUIDES.sort())
  })
})

describe('code', () => {
  /** @type {string[]} */
  let said = []
  before(async () => {
    said = await complaints({
      ...codeOfPages(),
      ...optionsAsTypes(),
      'wrong/wrong.js': `import { NorthApiClient } from 'northbound'
new NorthApiClient({ appId: 'a', secret: 'b', baseUrl: 'c' }, { timeOutMs: 1 })`,
    })
  })
  /** @param {string} folder */
  const about = (folder) => said.filter((line) => line.startsWith(folder))

  test('of the README, the guides and the examples compiles against the package', () => {
    assert.ok(Object.keys(codeOfPages()).length > 20)
    assert.deepEqual(about('pages/'), [])
  })

  test('of the README tells all options of a client and no more', () => {
    assert.deepEqual(about('options/client'), [])
  })

  test('of the README tells all options of nodeFetch and no more', () => {
    assert.deepEqual(about('options/sender'), [])
  })

  test('that names a member which does not exist is found', () => {
    const [found = '', ...others] = about('wrong/')
    assert.match(found, /^wrong\/wrong\.js\(2,\d+\): .*timeOutMs/)
    assert.deepEqual(others, [])
    assert.ok(
      said.every((line) => /^(pages|options|wrong)\/|^ /.test(line)),
      said.join('\n'),
    )
  })

  test('every example is told of in the list of examples, and run by a test', () => {
    const tests = readdirSync(join(root, 'tests/js'), { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.js') && !name.endsWith('readme.test.js'))
      .map((name) => read(`tests/js/${name}`))
    const examples = readdirSync(join(root, 'examples'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'README.md')
      .map(({ parentPath, path, name }) => join(parentPath ?? path, name))
      .map((path) => path.slice(join(root, 'examples/').length))
    assert.ok(examples.length > 3)
    for (const example of examples) {
      assert.ok(read('examples/README.md').includes(`\`${example}\``), `${example} in the list`)
      assert.ok(
        tests.some((text) => text.includes(`examples/${example}'`)),
        `${example} in a test`,
      )
    }
  })
})

describe('what the README says', () => {
  test('of the operations is all of them and no more', async () => {
    const { NorthApiClient, OnsMqttClient } = await importPackage()
    const told = [
      ...tableOf('README.md', '### Huawei Cloud IoT: `NorthApiClient`'),
      ...tableOf('README.md', '### ApsaraMQ for MQTT: `OnsMqttClient`'),
      'clientIds', // told beside the operation that gives one page
    ]
    const there = [NorthApiClient, OnsMqttClient].flatMap(({ prototype }) => {
      return Object.getOwnPropertyNames(prototype).filter(
        (name) => !/^(constructor|free|__)/.test(name),
      )
    })
    assert.deepEqual(told.sort(), there.sort())
  })

  test('of the demo is what `make demo` starts', () => {
    const demo = read('scripts/demo')
    for (const flag of ['--demo-devices', '--cors']) assert.ok(demo.includes(flag), flag)
    assert.match(demo, /free\(8080\)/)
  })
})

describe('code that stands alone', () => {
  /** @type {Awaited<ReturnType<typeof startSimulator>>} */
  let sim
  let folder = ''
  before(async () => {
    sim = await startSimulator({ args: ['--demo-devices', '--cors'] })
    folder = mkdtempSync(join(tmpdir(), 'northbound-readme-'))
  })
  after(async () => {
    rmSync(folder, { recursive: true, force: true })
    await sim.stop()
  })
  beforeEach(() => sim.control('DELETE', '/journal'))

  /** @param {string} code @param {Record<string, string>} [env] */
  async function prints(code, env) {
    const { code: exit, stdout, stderr } = await runModule(code, env && { env })
    assert.equal(stderr, '')
    assert.equal(exit, 0)
    return stdout
  }

  test('the README’s lines for Node give a demo device a new code', async () => {
    const code = blockNamed('README.md', 'key.mjs, then: node key.mjs')
    assert.ok(code.includes(`'${DEMO}'`))
    const said = await prints(code.replaceAll(DEMO, sim.http))
    assert.match(said, /^A code of \d+ characters, good for 180 s\n$/)
  })

  test('the README’s lines about errors print code, meaning and remedy', async () => {
    const [block] = blocksOf('README.md', 'js').filter(({ code }) => /PlatformError/.test(code))
    assert.ok(block)
    const { devices } = await sim.control('GET', '/devices')
    const { deviceId } = devices.find(({ nodeId = '' }) => nodeId === 'demo-pump-online')
    const env = { APP_ID: APP.appId, SECRET: APP.secret, BASE_URL: sim.http, DEVICE_ID: deviceId }
    const { stderr } = await runModule(block.code, { env })
    assert.match(stderr, /^\[400 \/ 100611\] \S.+\. \S.+\.\n$/)
  })

  test('the lines that take the place of Huawei’s SDKs run over mutual TLS', async () => {
    const [block] = blocksOf('docs/migrating-from-huawei-sdks.md', 'js')
    assert.ok(block)
    const { devices } = await sim.control('GET', '/devices')
    const { deviceId } = devices.find(({ nodeId = '' }) => nodeId === 'demo-meter-offline')
    const { hostname, port } = new URL(sim.tls)
    for (const name of ['ca.pem', 'client.pem', 'client.key'])
      copyFileSync(join(sim.certificates, name), join(installPackage(), name))
    const where = { PLATFORM: hostname, PORT: port, DEVICE_ID: deviceId }
    const env = { APP_ID: APP.appId, SECRET: APP.secret, ...where }
    assert.match(await prints(block.code, env), /^A code of \d+ characters, good for 3600 s\n$/)
  })

  test('the lines that take the place of Alibaba’s SDK register a device', async () => {
    const [block] = blocksOf('docs/migrating-from-alicloud-onsmqtt.md', 'js')
    assert.ok(block)
    const said = await prints(block.code, {
      ACCESS_KEY_ID: 'LTAI5tSIMULATORONLY0001',
      ACCESS_KEY_SECRET: 'simulatorSecretNotReal0001',
      ENDPOINT: `${sim.http}/aliyun`,
      CLIENT_ID: 'GID_meters@@@meter-1',
      INSTANCE_ID: INSTANCE,
    })
    assert.equal(said, '3 parts, and a password\n')
    assert.equal((await sim.journal('registerDeviceCredential')).length, 1)
  })
})

/** What the pages show and the examples are, and what they take for granted. */
function codeOfPages() {
  /** @type {Record<string, string>} */
  const files = {
    // A store of the reader's, and the package beside a page.
    'pages/our-token-store.js': `export { memoryTokenStore as ourTokenStore } from 'northbound'`,
    'pages/northbound/browser.js': `export * from 'northbound'`,
  }
  for (const page of PAGES) {
    for (const [number, { info, code }] of blocksOf(page).entries()) {
      const name = `pages/${page.replaceAll('/', '-')}-${number + 1}`
      if (['js', 'ts'].includes(info)) files[`${name}.${info}`] = code
      if (info === 'html') files[`${name}.js`] = scriptOf(code)
    }
  }
  for (const name of readdirSync(join(root, 'examples'))) {
    if (name.endsWith('.mjs')) files[`pages/${name}`] = read(`examples/${name}`)
  }
  return files
}

/** The README's tables of options as objects that have to fit the types. */
function optionsAsTypes() {
  const client = tableOf('README.md', '## Options of a client')
  const sender = tableOf('README.md', '## Proxies and client certificates')
  return {
    'options/client.ts': `import type { NorthApiOptions } from 'northbound'
export const options: Record<keyof NorthApiOptions, 1> = { ${ones(client)} }`,
    'options/sender.ts': `import type { NodeFetchOptions } from 'northbound/node'
export const options: Record<keyof NodeFetchOptions, 1> = { ${ones(sender)} }`,
  }
}

/** The module script of a page. @param {string} html */
function scriptOf(html) {
  const [, script = ''] = /<script type="module">\n(.*?)<\/script>/s.exec(html) ?? []
  return script
}

/**
 * The names in backquotes that begin the rows of the first table below a headline.
 * @param {string} page
 * @param {string} headline
 */
function tableOf(page, headline) {
  const text = read(page)
  const start = text.indexOf(`\n${headline}\n`)
  assert.ok(start >= 0, `${page} has no ${headline}`)
  const [table = ''] = /(^\|.*\n)+/m.exec(text.slice(start)) ?? []
  const [, , ...rows] = table.trim().split('\n')
  return rows.flatMap((row) => {
    const [, first = ''] = row.split('|')
    return [...first.matchAll(/`(\w+)[^`]*`/g)].map(([, name = '']) => name)
  })
}

/** @param {string[]} names */
const ones = (names) => names.map((name) => `${name}: 1`).join(', ')
