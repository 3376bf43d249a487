// Settings from `.env` text: what is read of it, and that nothing of it stays in the page.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'

import { build } from 'esbuild'

import { consoleInChromium, id, openTab, until } from './support/console.js'
import { APP, root } from './support/simulator.js'

const folder = mkdtempSync(path.join(tmpdir(), 'console-import-'))

after(() => rmSync(folder, { recursive: true }))

describe('the reader', () => {
  /** @type {(text: string) => { values: Map<string, string>, problems: { line: number, message: string }[] }} */
  let readEnv

  before(async () => {
    const outfile = path.join(folder, 'env.mjs')
    const entryPoints = [path.join(root, 'www/src/ui/env.ts')]
    // Texts follow the language of a browser, which is none here.
    const banner = { js: "const navigator = { languages: ['en'] }" }
    await build({ entryPoints, outfile, banner, bundle: true, format: 'esm', logLevel: 'warning' })
    readEnv = (await import(pathToFileURL(outfile).href)).readEnv
  })

  const good = /** @type {[text: string, values: Record<string, string>][]} */ ([
    ['A=b', { A: 'b' }],
    ['\uFEFFA=b\r\nB=c\rC=d\n', { A: 'b', B: 'c', C: 'd' }],
    ['# A=b\n\n  # c\n A = b ', { A: 'b' }],
    ['export A=b # c', { A: 'b' }],
    ['A=s+e/c=r&t%1#2', { A: 's+e/c=r&t%1#2' }],
    [`A='b # "c"' # d`, { A: 'b # "c"' }],
    ['A="b \\"c\\" \\\\ \\n\\d $e"', { A: 'b "c" \\ \n\\d $e' }],
    ["A='b\nc'\nB=d", { A: 'b\nc', B: 'd' }],
    ['A=\nB=""\nC=#c', { A: '', B: '', C: '' }],
  ])
  for (const [text, values] of good) {
    test(`reads ${JSON.stringify(text)}`, () => {
      const read = readEnv(text)
      assert.deepEqual(Object.fromEntries(read.values), values)
      assert.deepEqual(read.problems, [])
    })
  }

  test('names the lines that it cannot read, and reads the others', () => {
    const { values, problems } = readEnv(
      'secret words\nA=1\nB="open\nC=2\nD="x" y\n=3\nA=4\nE="never',
    )
    assert.deepEqual(Object.fromEntries(values), { A: '4', C: '2' })
    assert.deepEqual(
      problems.map(({ line }) => line),
      [1, 3, 5, 6, 7, 8],
    )
    const told = problems.map(({ message }) => message).join(' ')
    assert.match(told, /no NAME=value.*never closed.*behind the closing quote.*A stands there/)
    assert.doesNotMatch(told, /secret words|open|never$/, 'no message quotes a line')
  })
})

describe('the import', () => {
  const stage = consoleInChromium()

  const ENV = [
    '# of the test bench',
    `export NORTHBOUND_BASE_URL="" # this page's own`,
    'NORTHBOUND_APP_ID=app1',
    `NORTHBOUND_SECRET='${APP.secret}'`,
    'OTHER_PASSWORD=foreign-secret',
    'a line that is none',
    // Secrets on their own, which look like names.
    'Zm9yZWlnbg=',
    'Zm9yZWlnbi1zZWNyZXQ==',
    'AKFOREIGNSECRET=',
  ].join('\n')

  test('a pasted text fills the form, is cleared at once and logs in', async (t) => {
    const tab = await open(t)
    await tab.click('connection-import-open')
    await tab.click('connection-import-text')
    await paste(tab, ENV)
    await tab.shows(
      'connection-import-outcome',
      /Filled in: .*NORTHBOUND_APP_ID, NORTHBOUND_SECRET/,
    )
    const outcome = await tab.text('connection-import-outcome')
    assert.match(outcome, /Not known here: OTHER_PASSWORD/)
    assert.match(outcome, /Line 6: /)
    assert.doesNotMatch(outcome, /Zm9yZWlnb|FOREIGNSECRET/)
    assert.match(outcome, /Lines that are not told, since they may hold a secret: 3/)
    assert.equal(await tab.value('connection-import-text'), '')
    assert.equal(await tab.value('connection-appId'), 'app1')
    assert.equal(await tab.value('connection-secret'), APP.secret)
    await tab.screenshot('huawei-import')
    await tab.nothingLeaked()
    await until(async () => assert.equal(await tab.focused(), 'login'))
    await tab.page.keyboard.press('Enter')
    await tab.shows('connection-state', 'logged in as app1')
    await tab.nothingLeaked()
  })

  test('a file does the same, by other spellings of the names', async (t) => {
    const file = path.join(folder, 'platform.env')
    writeFileSync(
      file,
      [
        'IOT_PLATFORM_IP=10.0.0.1',
        'IOT_PLATFORM_PORT=8743',
        'HUAWEI_APP_ID=other',
        'HUAWEI_SECRET=x1',
        `IOT_SECRET=${APP.secret}`,
        'IOT_ALLOW_INSECURE_HTTP=true',
      ].join('\n'),
    )
    const tab = await open(t)
    await tab.click('connection-import-open')
    const input = await tab.page.$(id('connection-import-file'))
    await /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (
      input
    ).uploadFile(file)
    await tab.shows(
      'connection-import-outcome',
      /HUAWEI_SECRET, IOT_SECRET stand for the same field; the last one counts/,
    )
    assert.equal(await tab.value('connection-platformIp'), '10.0.0.1')
    assert.equal(await tab.value('connection-platformPort'), '8743')
    assert.equal(await tab.value('connection-appId'), 'other')
    assert.equal(await tab.value('connection-secret'), APP.secret)
    const insecure = id('connection-allowInsecureHttp')
    assert.equal(await tab.page.$eval(insecure, (box) => box.matches(':checked')), true)
    await tab.nothingLeaked()
  })

  test('so does a text that is dropped onto it, folded or not', async (t) => {
    const tab = await open(t)
    await tab.page.$eval(
      id('connection-import'),
      (element, dropped) => {
        const dataTransfer = new DataTransfer()
        dataTransfer.setData('text/plain', dropped)
        element.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }))
      },
      ENV,
    )
    await until(async () => assert.equal(await tab.value('connection-secret'), APP.secret))
    assert.equal(await tab.value('connection-import-text'), '')
    await tab.nothingLeaked()
  })

  test('a text that is typed is cleared when it is read', async (t) => {
    const tab = await open(t)
    await tab.click('connection-import-open')
    await tab.fill('connection-import-text', 'FOREIGN=foreign-secret')
    await tab.click('connection-import-read')
    await tab.shows('connection-import-outcome', /Nothing in it is known here/)
    assert.equal(await tab.value('connection-import-text'), '')
    await tab.nothingLeaked()
  })

  /** @param {import('node:test').TestContext} t */
  async function open(t) {
    const context = await stage.browser.createBrowserContext()
    t.after(() => context.close())
    return openTab(context, `${stage.sim.http}/`, { secrets: [APP.secret, 'foreign-secret'] })
  }
})

/** Pastes from the clipboard, as a user does. @param {Awaited<ReturnType<typeof openTab>>} tab @param {string} text */
async function paste(tab, text) {
  const { page } = tab
  const permissions = /** @type {const} */ (['clipboard-read', 'clipboard-write'])
  await page
    .browserContext()
    .overridePermissions(new URL(page.url()).origin, [...permissions, 'clipboard-sanitized-write'])
  await page.bringToFront()
  await page.evaluate((content) => navigator.clipboard.writeText(content), text)
  await page.keyboard.press('v', { commands: ['Paste'] })
}
