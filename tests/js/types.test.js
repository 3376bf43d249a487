// The declarations: what the contract says, what the package does, and what users write, as compilers see it.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import ts from 'typescript'

import { importPackage, installPackage } from './support/package.js'
import { root } from './support/simulator.js'

const TYPES = fileURLToPath(new URL('types/', import.meta.url))

/** The further entries of the package. */
const ENTRIES = ['node-only', 'redis', 'testing']

/** Names that the contract leaves to us. */
const ADDED = ['AliyunErrorCode', 'ErrorCode', 'ErrorCodes', 'HuaweiErrorCode']

/** Types that offer the documented codes where the contract says text: all else of them is the same. */
const WITH_CODE = ['PlatformError', 'CatalogueEntry']

/** A folder of a user's, with the package and Node's types. */
let folder = ''

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'northbound-types-'))
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true })
  const installed = join(installPackage(), 'node_modules/northbound')
  cpSync(installed, join(folder, 'node_modules/northbound'), { recursive: true })
  symlinkSync(join(root, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  const files = [
    'contract.d.ts',
    'equal.ts',
    'calls.ts',
    'codes.ts',
    'host.ts',
    'node.ts',
    'stores.ts',
  ]
  for (const name of files) cpSync(join(TYPES, name), join(folder, name))
})

after(() => rmSync(folder, { recursive: true, force: true }))

/**
 * Compiles files of the folder as a user would.
 * @param {string[]} files
 * @param {object} [options] compiler options
 * @returns {Promise<string>} the compiler's complaints
 */
async function compile(files, options = {}) {
  const compilerOptions = {
    target: 'es2022',
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    module: 'nodenext',
    lib: ['es2022'],
    types: [],
    ...options,
  }
  const config = join(folder, `tsconfig.${(compiled += 1)}.json`)
  writeFileSync(config, JSON.stringify({ compilerOptions, files }))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const run = promisify(execFile)(process.execPath, [tsc, '-p', config], { cwd: folder })
  return run.then(
    ({ stdout }) => stdout,
    ({ code, stdout, stderr }) => stdout || `the compiler ended with ${code}: ${stderr}`,
  )
}
let compiled = 0

/**
 * What a declaration file exports.
 * @param {string} file
 */
function exportsOf(file) {
  const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: [] }
  const program = ts.createProgram([file], options)
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(file)
  const symbol = source && checker.getSymbolAtLocation(source)
  assert.ok(symbol, `${file} is no module`)
  return checker.getExportsOfModule(symbol).map((exported) => {
    const passedOn = (exported.flags & ts.SymbolFlags.Alias) !== 0
    const found = passedOn ? checker.getAliasedSymbol(exported) : exported
    const isClass = (found.flags & ts.SymbolFlags.Class) !== 0
    const instance = isClass ? checker.getDeclaredTypeOfSymbol(found) : undefined
    const node = /** @type {ts.Node} */ (found.declarations?.[0])
    const parameters =
      ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)
        ? (node.typeParameters?.length ?? 0)
        : 0
    return {
      name: found.name,
      isClass,
      isValue: (found.flags & ts.SymbolFlags.Value) !== 0,
      parameters,
      methods: (instance?.getProperties() ?? [])
        .filter(({ flags }) => (flags & ts.SymbolFlags.Method) !== 0)
        .map(({ name }) => name)
        .filter((name) => !name.startsWith('__@')),
    }
  })
}

const declared = () => exportsOf(join(folder, 'node_modules/northbound/index.d.ts'))

describe('the contract', () => {
  test('has every name that the package has but the codes, and the package all of its names', () => {
    const names = declared().map(({ name }) => name)
    const promised = exportsOf(join(folder, 'contract.d.ts')).map(({ name }) => name)
    assert.deepEqual(names.sort(), [...promised, ...ADDED].sort())
  })

  for (const exactOptionalPropertyTypes of [false, true]) {
    const strictness = exactOptionalPropertyTypes
      ? 'absent is not undefined'
      : 'absent is undefined'
    test(`gives every name the type that the package gives it, where ${strictness}`, async () => {
      const checks = declared().flatMap(checksOf)
      assert.ok(checks.length > 150)
      writeFileSync(join(folder, 'same.ts'), [...HEAD, ...checks, ''].join('\n'))
      assert.equal(await compile(['same.ts'], { exactOptionalPropertyTypes }), '')
    })
  }

  test('is compared by a compiler that sees a difference, and any', async () => {
    const wrong = [
      'export type Wrong = Yes<Equal<northbound.AuthOutDTO, contract.RequestToken>>',
      'export type Weak = Yes<Equal<any, contract.NorthApiClient>>',
      'export type Code = Yes<Equal<northbound.PlatformError, contract.PlatformError>>',
      'export type Narrow = Yes<Mutual<{ code: "1" }, Pick<contract.PlatformError, "code">>>',
      'export type Any = No<IsAny<any>>',
    ]
    writeFileSync(join(folder, 'other.ts'), [...HEAD, ...wrong, ''].join('\n'))
    const complaints = await compile(['other.ts'])
    const lines = [...complaints.matchAll(/^other\.ts\((\d+),.*TS2344/gm)].map(([, line]) =>
      Number(line),
    )
    assert.deepEqual(
      lines,
      wrong.map((_, index) => HEAD.length + index + 1),
    )
  })

  test('gives no member the type any, but where the host decides what it is', () => {
    const package_ = join(folder, 'node_modules/northbound')
    const files = readdirSync(package_).filter((file) => file.endsWith('.d.ts'))
    assert.ok(files.length > 10)
    const known = ['readonly reason?: any', 'options?: any', 'signal?: any']
    assert.deepEqual(
      files.flatMap((file) => anysIn(join(package_, file))),
      known,
    )
  })
})

/** What the files of checks begin with. */
const HEAD = [
  "import type * as contract from './contract.js'",
  "import type * as northbound from 'northbound'",
  "import type { Equal, IsAny, Mutual, No, Yes } from './equal.js'",
]

/**
 * What the compiler has to prove about an exported name.
 * @param {ReturnType<typeof exportsOf>[number]} exported
 */
function checksOf({ name, isClass, isValue, parameters }) {
  const [ours, theirs] = [`northbound.${name}`, `contract.${name}`]
  if (ADDED.includes(name)) return [`export type NotAny_${name} = No<IsAny<${ours}>>`]
  /** @type {[string, string][]} */
  const pairs = []
  if (isClass) {
    pairs.push([ours, theirs], [`typeof ${ours}`, `typeof ${theirs}`])
    const parametersOf = (/** @type {string} */ of) => `ConstructorParameters<typeof ${of}>`
    pairs.push([parametersOf(ours), parametersOf(theirs)])
  } else if (isValue) pairs.push([`typeof ${ours}`, `typeof ${theirs}`])
  else if (parameters === 0) pairs.push([ours, theirs])
  else for (const of of ['string', 'void']) pairs.push([`${ours}<${of}>`, `${theirs}<${of}>`])
  return [
    ...pairs.flatMap(([a, b], index) => [
      `export type Mutual_${name}_${index} = Yes<Mutual<${a}, ${b}>>`,
      `export type NotAny_${name}_${index} = No<IsAny<${a}>>`,
    ]),
    ...pairs
      .filter(([a]) => !a.startsWith('typeof') || !isClass)
      .map((pair) =>
        WITH_CODE.includes(name) ? pair.map((type) => `Omit<${type}, 'code'>`) : pair,
      )
      .filter(() => name !== 'errorCatalogue')
      .map(([a, b], index) => `export type Same_${name}_${index} = Yes<Equal<${a}, ${b}>>`),
  ]
}

/**
 * The members that are declared as any.
 * @param {string} file
 */
function anysIn(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true)
  /** @type {string[]} */
  const found = []
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) {
      found.push(node.parent.getText(source).replace(/;$/, ''))
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

describe('what is exported', () => {
  test('is declared, and what is declared is exported', async () => {
    const values = declared()
      .filter(({ isValue }) => isValue)
      .map(({ name }) => name)
    for (const entry of ['node.js', 'browser.js', 'inline.js']) {
      const found = await import(join(installPackage(), 'node_modules/northbound', entry))
      assert.deepEqual(Object.keys(found).sort(), [...values].sort(), entry)
    }
    for (const entry of ENTRIES) {
      const promised = exportsOf(join(folder, `node_modules/northbound/${entry}.d.ts`))
      const found = await import(join(installPackage(), `node_modules/northbound/${entry}.js`))
      assert.deepEqual(
        Object.keys(found).sort(),
        promised.flatMap(({ name, isValue }) => (isValue ? [name] : [])).sort(),
        entry,
      )
    }
  })

  test('has its declared name, and so has every method of a class', async () => {
    const northbound = /** @type {Record<string, any>} */ (await importPackage())
    for (const { name, isClass, isValue, methods } of declared()) {
      if (!isValue) continue
      const value = northbound[name]
      if (typeof value !== 'function') {
        assert.equal(name, 'version')
        continue
      }
      assert.equal(value.name, name)
      if (!isClass || value.prototype instanceof Error || value === northbound.NorthboundError) {
        continue
      }
      const own = Object.getOwnPropertyNames(value.prototype).filter(
        (each) => each !== 'constructor',
      )
      assert.deepEqual(own.sort(), [...methods].sort(), name)
      for (const method of methods) {
        assert.equal(typeof value.prototype[method], 'function')
        assert.equal(value.prototype[method].name, method)
      }
      assert.equal(typeof value.prototype[Symbol.dispose], 'function')
    }
  })

  test('are errors that extend the one base, each under its own name', async () => {
    const northbound = await importPackage()
    const { NorthboundError } = northbound
    assert.ok(NorthboundError.prototype instanceof Error)
    for (const Class of [
      northbound.PlatformError,
      northbound.NetworkError,
      northbound.TimeoutError,
      northbound.DecodeError,
      northbound.InvalidArgumentError,
    ]) {
      assert.equal(Object.getPrototypeOf(Class), NorthboundError)
      assert.equal(Class.prototype.name, Class.name)
    }
    assert.match(northbound.version, /^\d+\.\d+\.\d+/)
  })
})

describe('what users write', { concurrency: true }, () => {
  const files = ['calls.ts', 'codes.ts', 'host.ts', 'node.ts', 'stores.ts']

  test('compiles where optional members may not be undefined', async () => {
    const strictest = { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true }
    const host = { lib: ['es2022', 'dom'], types: ['node'] }
    assert.equal(await compile(files, { ...strictest, ...host }), '')
  })

  test('does not compile where a right call is said to be wrong', async () => {
    const source = readFileSync(join(folder, 'calls.ts'), 'utf8')
    const right = source.replace("verifycode: '1'", "verifyCode: '1'")
    assert.notEqual(right, source)
    writeFileSync(join(folder, 'right.ts'), right)
    assert.match(await compile(['right.ts']), /^right\.ts\(\d+,\d+\): error TS2578: [^\n]*\n$/)
  })
})
