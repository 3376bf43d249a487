// The codes that the types offer are those that the platforms document.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'

import { errorCodes } from '../../scripts/lib/error-codes.mjs'
import { importPackage } from './support/package.js'
import { root } from './support/simulator.js'
import { COMPILERS, compile, userFolder } from './support/typescripts.js'

/** @type {readonly import('northbound').CatalogueEntry[]} */
let catalogue = []

before(async () => {
  catalogue = (await importPackage()).errorCatalogue()
})

const compilerOptions = {
  target: 'es2022',
  lib: ['es2022'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: [],
  strict: true,
  noEmit: true,
}

/**
 * What the compiler says about a file of these lines.
 * @param {string[]} lines
 */
async function complaintsAbout(lines) {
  const folder = userFolder([])
  writeFileSync(join(folder, 'codes.ts'), lines.join('\n'))
  const job = { name: 'codes', files: ['codes.ts'], compilerOptions }
  return (await compile(COMPILERS.at(-1) ?? '', folder, [job])).get('codes')
}

/** Lines that compile if the types have these codes and no other ones. */
const HEAD = [
  "import type { AliyunErrorCode, ErrorCodes, HuaweiErrorCode } from 'northbound'",
  'type Open = string & {}',
  'type Documented<T> = T extends string ? (Open extends T ? never : T) : never',
]

/**
 * @param {string} type
 * @param {string[]} codes
 * @param {number} index
 */
const exactly = (type, codes, index) =>
  `export const codes_${index}: Record<${type}, 1> = { ${[...new Set(codes)]
    .map((code) => `${JSON.stringify(code)}: 1`)
    .join(', ')} }`

test('the file with the codes is what the generator makes of the table', async () => {
  const file = readFileSync(join(root, 'pkg-template/types-error-codes.d.ts'), 'utf8')
  assert.equal(file, await errorCodes(), 'run `node scripts/lib/error-codes.mjs`')
})

test('every operation has the codes of the catalogue that stand for themselves, and no other', async () => {
  const { NorthApiClient, OnsMqttClient } = await importPackage()
  const operations = [NorthApiClient, OnsMqttClient]
    .flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype))
    .filter((name) => !['constructor', 'free', 'clientIds'].includes(name))
  assert.equal(operations.length, 14)
  const checks = operations.map((operation, index) => {
    const own = catalogue.filter((entry) => entry.operations.includes(operation))
    const codes = own.map(({ code }) => code).filter((code) => !code.includes('%s'))
    assert.ok(codes.length > 0, operation)
    return exactly(`ErrorCodes['${operation}']`, codes, index)
  })
  const names = operations.map((name) => `${name}: 1`).join(', ')
  checks.push(`export const operations: Record<keyof ErrorCodes, 1> = { ${names} }`)
  assert.equal(await complaintsAbout([...HEAD, ...checks]), '')
})

test('every platform has all codes of the catalogue, and no other', async () => {
  /** @type {Record<string, string>} */
  const types = {
    'huawei-northbound': 'Documented<HuaweiErrorCode>',
    'aliyun-onsmqtt': 'Documented<AliyunErrorCode>',
  }
  const checks = Object.entries(types).map(([platform, type], index) => {
    const own = catalogue.filter((entry) => entry.platform === platform)
    return exactly(
      type,
      own.map(({ code }) => code),
      index,
    )
  })
  assert.equal(await complaintsAbout([...HEAD, ...checks]), '')
})

test('a code that is missing or too many is found', async () => {
  const codes = ['QueryTokenOverFlow', 'NoSuchCode']
  const complaints = await complaintsAbout([...HEAD, exactly("ErrorCodes['queryToken']", codes, 0)])
  assert.match(complaints ?? '', /NoSuchCode/)
  const [first] = catalogue.filter(({ platform }) => platform === 'huawei-northbound')
  const few = [first?.code ?? '']
  assert.match(
    (await complaintsAbout([...HEAD, exactly('Documented<HuaweiErrorCode>', few, 0)])) ?? '',
    /missing the following properties/,
  )
})
