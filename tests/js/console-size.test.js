// What a browser downloads of the console: within its budget, and nothing that no page needs.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'

import { root } from './support/simulator.js'

const BUILT = path.join(root, 'www/dist')
const { consoleGzipBytes: BUDGET } = JSON.parse(
  readFileSync(path.join(root, 'scripts/size-budget.json'), 'utf8'),
)

/** @param {string} folder */
function measure(folder) {
  const program = path.join(root, 'scripts/lib/console-size.mjs')
  const { status, stdout } = spawnSync(process.execPath, [program, folder], { encoding: 'utf8' })
  return { status, stdout }
}

test('the console is within its budget, told by file', (t) => {
  const { status, stdout } = measure(BUILT)
  t.diagnostic(`\n${stdout}`)
  assert.equal(status, 0)
  for (const name of readdirSync(path.join(BUILT, 'assets')))
    assert.ok(stdout.includes(`assets/${name} `), name)
})

test('one byte too many ends the build, wherever it is; WebAssembly is counted apart', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'northbound-size-'))
  t.after(() => rmSync(folder, { recursive: true }))
  mkdirSync(path.join(folder, 'assets'))
  // Random bytes do not shrink.
  writeFileSync(path.join(folder, 'a.wasm'), randomBytes(2 * BUDGET))
  writeFileSync(path.join(folder, 'index.html'), randomBytes(BUDGET / 2))
  assert.equal(measure(folder).status, 0)
  writeFileSync(path.join(folder, 'assets/late.js'), randomBytes(BUDGET / 2))
  assert.equal(measure(folder).status, 1)
})

test('the WebAssembly comes once, as a file, and not as a text besides', () => {
  const assets = path.join(BUILT, 'assets')
  const wasm = readdirSync(assets).filter((name) => name.endsWith('.wasm'))
  assert.equal(wasm.length, 1)
  const text = readFileSync(path.join(root, 'pkg/northbound.wasm')).toString('base64').slice(0, 40)
  const holds = (/** @type {string} */ file) => readFileSync(file, 'latin1').includes(text)
  assert.ok(holds(path.join(root, 'pkg/inline-wasm.js')), 'this is how the text begins')
  const withText = readdirSync(assets).filter((name) => holds(path.join(assets, name)))
  assert.deepEqual(withText, [])
})
