// Installs the packed tarball, as a user would, into an empty folder.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { root } from './simulator.js'

/** @type {string | undefined} */
let installed

/** The folder whose node_modules/ has the package; one for all tests of a process. */
export function installPackage() {
  if (installed !== undefined) return installed
  if (!existsSync(join(root, 'pkg/northbound.wasm')))
    throw new Error('no pkg/: run `make pkg` first')
  const folder = mkdtempSync(join(tmpdir(), 'northbound-installed-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const npm = (/** @type {string[]} */ ...args) =>
    execFileSync('npm', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  const tarball = npm('pack', '--silent', join(root, 'pkg')).trim()
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  npm('install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', join(folder, tarball))
  installed = folder
  return folder
}

/**
 * Imports the installed package.
 * @returns {Promise<typeof import('northbound')>}
 */
export async function importPackage() {
  return import(join(installPackage(), 'node_modules/northbound/node.js'))
}
