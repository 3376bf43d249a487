// Several versions of TypeScript, and the packages that the declarations have to get on with, from the
// user's cache.

import { execFile, execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { installPackage } from './package.js'
import { root } from './simulator.js'

/** @typedef {{ name: string, files: string[], compilerOptions: Record<string, unknown> }} Job */

const TYPES = fileURLToPath(new URL('../types/', import.meta.url))

/** @type {{ devDependencies: Record<string, string> }} */
const { devDependencies } = createRequire(import.meta.url)('../types/matrix/package.json')

/** The names of all packages there. */
const PACKAGES = Object.keys(devDependencies)

/** What the compilers are called, from the oldest to the newest. */
export const COMPILERS = PACKAGES.filter((name) => name.startsWith('typescript-'))

/** Where the packages are. */
function installed() {
  const script = join(root, 'scripts/setup')
  return join(
    execFileSync(script, ['which-typescripts'], { encoding: 'utf8' }).trim(),
    'node_modules',
  )
}

/**
 * A folder of a user's, with the package, what stands in the cache, and some of our files.
 * @param {string[]} files
 */
export function userFolder(files) {
  const folder = mkdtempSync(join(tmpdir(), 'northbound-types-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const modules = join(folder, 'node_modules')
  cpSync(join(installPackage(), 'node_modules/northbound'), join(modules, 'northbound'), {
    recursive: true,
  })
  const from = installed()
  for (const name of PACKAGES) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(from, name), join(modules, name))
  }
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  for (const file of files) cpSync(join(TYPES, file), join(folder, basename(file)))
  return folder
}

/**
 * What a compiler complains about, by the name of the job; nothing is an empty text.
 * @param {string} compiler one of COMPILERS
 * @param {string} folder
 * @param {Job[]} jobs
 * @returns {Promise<Map<string, string>>}
 */
export async function compile(compiler, folder, jobs) {
  const path = join(folder, 'node_modules', compiler)
  // From version 7 on it is a program of its own, and fast enough to be started for every job.
  const complaints = /-[56]\./.test(compiler)
    ? await compileInOneProcess(path, folder, jobs)
    : await compileOneByOne(path, folder, jobs)
  if (complaints.size !== jobs.length) throw new Error(`${compiler} left jobs out`)
  return complaints
}

/**
 * @param {string} path
 * @param {string} folder
 * @param {Job[]} jobs
 */
async function compileInOneProcess(path, folder, jobs) {
  const child = spawn(process.execPath, [join(TYPES, 'compile.mjs'), path, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify(jobs))
  const answers = (await text(child.stdout)).trim().split('\n')
  return new Map(
    answers.map((line) => {
      const { name, complaints } = JSON.parse(line)
      return [name, complaints]
    }),
  )
}

/**
 * @param {string} path
 * @param {string} folder
 * @param {Job[]} jobs
 */
async function compileOneByOne(path, folder, jobs) {
  /** @type {Map<string, string>} */
  const complaints = new Map()
  for (const { name, files, compilerOptions } of jobs) {
    const config = join(folder, `tsconfig.${complaints.size}.json`)
    writeFileSync(config, JSON.stringify({ compilerOptions, files }))
    const run = promisify(execFile)(process.execPath, [join(path, 'bin/tsc'), '-p', config], {
      cwd: folder,
    })
    const said = await run.then(
      ({ stdout }) => stdout,
      ({ code, stdout, stderr }) => stdout || `the compiler ended with ${code}: ${stderr}`,
    )
    complaints.set(name, said)
  }
  return complaints
}
