// What scripts/tarball makes of a row, and of the README.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { quickStart } from '../tarball/newcomer.js'
import { judge } from '../tarball/table.js'

const ROW = { name: 'Runtime', version: '1.0.0' }
const DONE = ['import', 'init', 'calls']
const RECEIVED = ['login', 'refreshDeviceKey', 'registerDeviceCredential']

describe('a row of the table', () => {
  test('is fine when each step is done and the platform saw the calls', () => {
    const { cells, complaint } = judge(ROW, { done: DONE }, RECEIVED)
    assert.deepEqual([cells, complaint], [['ok', 'ok', 'ok'], undefined])
  })

  test('fails when the platform did not see the calls', () => {
    const { cells, complaint } = judge(ROW, { done: DONE }, ['login'])
    assert.deepEqual(cells, ['ok', 'ok', 'FAILED'])
    assert.equal(complaint, 'calls: the platform saw login')
  })

  test('fails at the first step that is not done, and says why', () => {
    const outcome = { done: ['import'], problem: 'there is no file' }
    const { cells, complaint } = judge(ROW, outcome, [])
    assert.deepEqual([cells, complaint], [['ok', 'FAILED', '–'], 'init: there is no file'])
  })

  test('fails when it ends early without a word', () => {
    const { complaint } = judge(ROW, { done: ['import', 'init'] }, [])
    assert.equal(complaint, 'calls: it ended without a word')
  })
})

describe('a step that is expected to fail', () => {
  const expected = {
    step: /** @type {const} */ ('init'),
    says: /forbidden/,
    because: 'the browser forbids it',
  }

  test('stands in the table with its reason', () => {
    const outcome = { done: ['import'], problem: 'it is forbidden' }
    const { cells, complaint } = judge({ ...ROW, expected }, outcome, [])
    assert.deepEqual([cells, complaint], [['ok', 'the browser forbids it', '–'], undefined])
  })

  test('fails the run when it fails for another reason, or at another step', () => {
    const other = judge({ ...ROW, expected }, { done: ['import'], problem: 'not found' }, [])
    assert.equal(other.complaint, 'init: not found')
    const earlier = judge({ ...ROW, expected }, { done: [], problem: 'it is forbidden' }, [])
    assert.equal(earlier.complaint, 'import: it is forbidden')
  })

  test('fails the run when it works, so that no reason outlives its cause', () => {
    const { complaint } = judge({ ...ROW, expected }, { done: DONE }, RECEIVED)
    assert.match(complaint ?? '', /init works now/)
  })
})

describe('a quick start', () => {
  const readme = 'Words\n\n<!-- newcomer: node -->\n\n```js\nrun()\n```\n\n```js\nother()\n```\n'

  test('is the block after its mark', () => {
    assert.equal(quickStart(readme, 'node'), 'run()\n')
  })

  test('that is missing is named', () => {
    assert.throws(() => quickStart(readme, 'page'), /README\.md has no <!-- newcomer: page -->/)
    const parted = readme.replace('-->\n', '-->\n\nMore words\n')
    assert.throws(() => quickStart(parted, 'node'), /no code block right after/)
  })
})
