// Compiles code as a user's editor would, against the installed package.
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

import { installPackage } from './package.js'
import { root } from './simulator.js'

/**
 * What the compiler has to say about files; empty if nothing.
 * @param {Record<string, string>} files their content by name
 * @returns {Promise<string[]>} its lines
 */
export async function complaints(files) {
  const folder = mkdtempSync(join(tmpdir(), 'northbound-compile-'))
  try {
    const modules = join(folder, 'node_modules')
    mkdirSync(modules)
    for (const name of readdirSync(join(root, 'node_modules'))) {
      if (name.startsWith('.') || name === 'northbound') continue
      symlinkSync(join(root, 'node_modules', name), join(modules, name))
    }
    const installed = join(installPackage(), 'node_modules/northbound')
    cpSync(installed, join(modules, 'northbound'), { recursive: true })
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    const compilerOptions = {
      target: 'es2022',
      module: 'nodenext',
      lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable'],
      types: ['node'],
      allowJs: true,
      checkJs: true,
      noEmit: true,
      noUnusedLocals: false,
      // The code names no types: what is taken from a form or the environment may be anything.
      strict: false,
      // Other packages' types are theirs.
      skipLibCheck: true,
    }
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    const project = { compilerOptions, files: Object.keys(files) }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project))
    return await run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {string} folder */
async function run(folder) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const arguments_ = [tsc, '--project', folder, '--pretty', 'false']
  const { stdout, failed } = await promisify(execFile)(process.execPath, arguments_, {
    cwd: folder,
  }).then(
    ({ stdout }) => ({ stdout, failed: '' }),
    ({ stdout, stderr, code }) => ({ stdout, failed: stdout ? '' : `code ${code}: ${stderr}` }),
  )
  return [...stdout.split('\n'), failed].filter(Boolean)
}
