// Writes the codes of the platforms' errors as types, from the table that the catalogue is compared with.
// Run: node scripts/lib/error-codes.mjs, after a change of tests/vectors/catalogue/; a test tells when.
// Writes: pkg-template/types-error-codes.d.ts.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { format, resolveConfig } from 'prettier'

/**
 * @typedef {{ status: number, code: string, operations: string[], meaning: string }} Row
 */

const root = new URL('../../', import.meta.url)
const TARGET = new URL('pkg-template/types-error-codes.d.ts', root)

/** The operations of this package, in the order of its types. */
const OPERATIONS = {
  huawei: [
    'getAuthToken',
    'refreshAuthToken',
    'refreshDeviceKey',
    'regDirectDevice',
    'queryDeviceStatus',
    'deleteDirectDevice',
  ],
  aliyun: [
    'registerDeviceCredential',
    'getDeviceCredential',
    'refreshDeviceCredential',
    'unRegisterDeviceCredential',
    'listDeviceCredentialClientId',
    'applyToken',
    'queryToken',
    'revokeToken',
  ],
}

/** The declarations that fit the table, as they are in the file. */
export async function errorCodes() {
  const filepath = fileURLToPath(TARGET)
  return format(declarations(), { ...(await resolveConfig(filepath)), filepath })
}

function declarations() {
  const huawei = rowsOf('huawei')
  const aliyun = rowsOf('aliyun')
  return [
    '// The codes of errors. Made by scripts/lib/error-codes.mjs: change the catalogue, not this file.',
    '',
    ...comment('', [
      'The documented codes of each operation. A code that ends with a name, such as ' +
        '`InvalidParameter.ClientId`, is in none of them: compare its beginning.',
    ]),
    'export interface ErrorCodes {',
    ...OPERATIONS.huawei.flatMap((operation) => member(operation, huawei)),
    ...OPERATIONS.aliyun.flatMap((operation) => member(operation, aliyun)),
    '}',
    '',
    ...comment('', [
      'A code of one operation, or of any: the documented ones for completion, and every other text, ' +
        'since a platform may say what it does not document.',
      '@typeParam Operation the name of a method. Default: any.',
      "@example\n```ts\nconst code: ErrorCode<'refreshDeviceKey'> = error.code\n```",
    ]),
    'export type ErrorCode<Operation extends keyof ErrorCodes = keyof ErrorCodes> =',
    '  ErrorCodes[Operation] | (string & {})',
    '',
    ...comment('', [
      "Every code of Huawei's northbound API that is documented, operations that this package lacks " +
        'included, and every other text.',
    ]),
    ...union('export type HuaweiErrorCode =', huawei),
    '',
    ...comment('', [
      'Every code of ApsaraMQ for MQTT that is documented, and every other text. `%s` is a name that ' +
        'differs: only entries of the catalogue have it.',
    ]),
    ...union('export type AliyunErrorCode =', aliyun),
    '',
  ].join('\n')
}

/**
 * One operation.
 * @param {string} operation
 * @param {Row[]} rows
 */
function member(operation, rows) {
  const own = rows.filter((row) => row.operations.includes(operation) && !row.code.includes('%s'))
  if (own.length === 0) throw new Error(`the table has no code of ${operation}`)
  const list = own.map(({ code, status, meaning }) => `- \`${code}\`, ${status}: ${meaning}`)
  return [...comment('  ', [list.join('\n')]), ...codes(`  ${operation}:`, '    ', own)]
}

/**
 * All codes of a platform, with an open end.
 * @param {string} head
 * @param {Row[]} rows
 */
const union = (head, rows) => [...codes(head, '  ', rows), '  | (string & {})']

/**
 * @param {string} head
 * @param {string} indent
 * @param {Row[]} rows
 */
function codes(head, indent, rows) {
  const distinct = [...new Set(rows.map(({ code }) => code))].sort()
  return [head, ...distinct.map((code) => `${indent}| '${code}'`)]
}

/**
 * A comment of paragraphs, broken at 100 columns.
 * @param {string} indent
 * @param {string[]} paragraphs
 */
function comment(indent, paragraphs) {
  const lines = paragraphs.flatMap((paragraph, index) => [
    ...(index > 0 ? [''] : []),
    ...paragraph.split('\n').flatMap((line) => broken(line, 97 - indent.length)),
  ])
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`]
}

/**
 * @param {string} line
 * @param {number} width
 */
function broken(line, width) {
  const hanging = line.startsWith('- ') ? '  ' : ''
  /** @type {string[]} */
  const lines = []
  let current = ''
  for (const word of line.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`
    if (longer.length > width) {
      lines.push(current)
      current = hanging + word
    } else current = longer
  }
  return [...lines, current]
}

/**
 * @param {string} platform
 * @returns {Row[]}
 */
function rowsOf(platform) {
  const file = new URL(`tests/vectors/catalogue/${platform}-errors.json`, root)
  return JSON.parse(readFileSync(file, 'utf8'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TARGET, await errorCodes())
