// The declarations beside those of other packages: fetches, signals, clients of Redis. What those packages
// declare among themselves is not ours to check.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { COMPILERS, compile, userFolder } from './support/typescripts.js'

const FILES = {
  'fetches and signals of undici, node-fetch 2 and 3, cross-fetch and abort-controller':
    'polyfills.ts',
  'clients of node-redis 4 to 6 and ioredis 5 and 6': 'redis-clients.ts',
}

const compilerOptions = {
  target: 'es2022',
  lib: ['es2022', 'dom', 'dom.iterable'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: ['node'],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
}

for (const [what, file] of Object.entries(FILES)) {
  test(`${what} fit`, async () => {
    const folder = userFolder([`matrix/${file}`])
    const newest = COMPILERS.at(-1) ?? ''
    const complaints = await compile(newest, folder, [
      { name: file, files: [file], compilerOptions },
    ])
    assert.deepEqual([...complaints], [[file, '']])
  })
}
