// That a soak would see what it is there for; scripts/soak is the soak itself.
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'

import { flat, Tally } from '../soak/report.js'
import { importPackage } from './support/package.js'

/** @type {typeof import('northbound')} */
let northbound

before(async () => {
  northbound = await importPackage()
})

const EVEN = { rss: 100, heap: 10, external: 5, wasm: 1.8 }

describe('a soak finds', () => {
  test('a success that the journal does not know of', () => {
    const tally = new Tally(northbound)
    const entry = {
      method: 'PUT',
      path: '/',
      query: '',
      headers: {},
      body: 'a',
      status: 200,
      code: null,
    }
    tally.succeeded({ what: 'a', holds: ({ body }) => body === 'a' }, 1)
    tally.succeeded({ what: 'b', holds: ({ body }) => body === 'b' }, 1)
    const [unknown, ...more] = tally.confirm([entry])
    assert.match(String(unknown), /the journal does not know of it: b$/)
    assert.deepEqual(more, [])
  })

  test('an error that is none of the package, and a fault of it', () => {
    const tally = new Tally(northbound)
    tally.failed(new TypeError('no'), 1)
    tally.failed(new northbound.NorthboundError('internal'), 1)
    tally.failed(new northbound.NetworkError('right'), 1)
    assert.equal(tally.wrong.length, 2)
  })

  test('memory that grows', () => {
    const grown = (/** @type {number} */ by) => [0, 1, 2, 3, 4, 5].map((at) => ({ ...EVEN, rss: 100 + by * at, wasm: 1 + (by * at) / 100 })) // prettier-ignore
    assert.deepEqual(flat(grown(0)), [])
    assert.deepEqual(flat(grown(25)), ['rss grew by 50.0 MiB', 'wasm grew by 0.5 MiB'])
  })

  test('that it was too short for a curve', () => {
    assert.deepEqual(flat([EVEN, EVEN]), ['2 points are no curve'])
  })
})
