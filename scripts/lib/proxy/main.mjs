// nginx between the console and a platform, until Ctrl-C.
// Run: node scripts/lib/proxy/main.mjs [--check] [--simulator] [--settings FILE]; scripts/proxy does.
// Writes: a temporary folder, which goes with it. Exits 2 for settings that are missing or wrong.

import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { NGINX } from '../nginx.mjs'
import { described } from './certificates.mjs'
import { probe } from './probe.mjs'
import { PAGE, start } from './server.mjs'
import { SETTINGS, gather, isLoopback, judge, written } from './settings.mjs'

const HELP = `Puts the console and a platform on one address: nginx shows the client certificate, until Ctrl-C.

  make proxy                     with settings from the environment or from proxy.env
  scripts/proxy --settings FILE  from FILE in place of proxy.env
  scripts/proxy --simulator      with the simulator in place of a platform, to try it

${Object.entries(SETTINGS)
  .map(([name, [what, otherwise]]) => {
    const more = otherwise === undefined ? '' : `\n${' '.repeat(16)}(otherwise ${otherwise})`
    return `  ${name.padEnd(13)} ${what}${more}`
  })
  .join('\n')}

Neither the client's key nor any secret of an application is a setting: a key stays in its file, and secrets are
typed into the console. docs/console.md tells more.`

const options = readOptions()
await main().catch((/** @type {Error} */ error) => {
  console.error(`proxy: ${error.message}`)
  process.exit(1)
})

function readOptions() {
  try {
    return parseArgs({
      options: {
        check: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        simulator: { type: 'boolean' },
        settings: { type: 'string' },
      },
    }).values
  } catch (error) {
    console.error(
      `proxy: ${/** @type {Error} */ (error).message}\n       --help lists the options.`,
    )
    process.exit(2)
  }
}

async function main() {
  if (options.help) {
    console.log(HELP)
    return
  }
  const file = options.settings ?? (existsSync('proxy.env') ? 'proxy.env' : undefined)
  if (file !== undefined && !existsSync(file)) {
    refuse([{ setting: '--settings', what: `${file}: there is no such file`, remedy: 'Name one.' }])
  }
  const { set, problems } = gather(process.env, file)
  const simulated = options.simulator || set.PLATFORM === 'simulator'
  if (!simulated && Object.keys(set).length === 0) console.error(`${HELP}\n`)
  const simulator = simulated && !options.check ? await startSimulator() : undefined
  // Its addresses and certificates are known only when it runs.
  if (simulated && options.check) ignorePlatform(problems, set)
  else await serve({ ...set, ...simulator?.set }, problems, simulator)
}

/** @param {import('./settings.mjs').Problem[]} problems @param {ReturnType<gather>['set']} set */
function ignorePlatform(problems, set) {
  const own = ['LISTEN', 'SITE_CERT', 'SITE_KEY', 'ALLOW', 'ORIGIN', 'CONNECT']
  refuse([...problems, ...judge(set).problems.filter(({ setting }) => own.includes(setting))])
}

/**
 * @param {ReturnType<gather>['set']} set
 * @param {import('./settings.mjs').Problem[]} problems
 * @param {Awaited<ReturnType<startSimulator>> | undefined} simulator
 */
async function serve(set, problems, simulator) {
  const judged = judge(set)
  refuse([...problems, ...judged.problems])
  const { settings } = judged
  const probed = await probe(settings)
  refuse(probed.problems)
  if (options.check) return
  if (!NGINX) refuse([{ setting: 'nginx', what: 'is missing', remedy: 'scripts/setup proxy' }])
  if (!existsSync(`${PAGE}/index.html`))
    refuse([{ setting: 'www/dist', what: 'is not built', remedy: 'scripts/console' }])

  const nginx = await start({ ...settings, listen: probed.listen }, probed.upstream)
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => nginx.stop())
  introduce(settings, probed.listen, nginx.log, simulator)
  const code = await nginx.ended
  await simulator?.stop()
  if (code !== 0) console.error(`proxy: nginx ended with code ${code}, see above`)
  process.exitCode = code === 0 ? 0 : 1
}

/**
 * @param {import('./settings.mjs').Settings} settings
 * @param {import('./settings.mjs').Address} listen
 * @param {string} log
 * @param {Awaited<ReturnType<startSimulator>> | undefined} simulator
 */
function introduce(settings, listen, log, simulator) {
  const { platform, clientCert, siteCert, allow } = settings
  const scheme = siteCert ? 'https' : 'http'
  console.log(`
Open ${scheme}://${written(listen)}/ in a browser; Ctrl-C stops.

  Base address for the console  /iot
  Platform                      ${written(platform)}
  Certificate shown to it       ${described(clientCert)}
  Who may call it               ${allow.join(' ')}${isLoopback(listen.host) ? '' : ' (ALLOW)'}
  Requests are noted in         ${log}`)
  if (simulator) {
    const { appId, secret } = simulator.app
    console.log(`  Application, secret           ${appId}, ${secret} (the simulator’s)`)
  }
  console.log()
}

async function startSimulator() {
  const { APP, startSimulator: run } = await import('../../../tests/js/support/simulator.js')
  const { tls, certificates, stop } = await run({ args: ['--demo-devices'] })
  return {
    app: APP,
    stop,
    set: {
      PLATFORM: `127.0.0.1:${new URL(tls).port}`,
      PLATFORM_NAME: 'localhost',
      CLIENT_CERT: `${certificates}/client.pem`,
      CLIENT_KEY: `${certificates}/client.key`,
      CA: `${certificates}/ca.pem`,
    },
  }
}

/** @param {import('./settings.mjs').Problem[]} problems */
function refuse(problems) {
  if (problems.length === 0) return
  for (const { setting, what, remedy } of problems)
    console.error(`proxy: ${setting} ${what}\n       ${remedy}`)
  process.exit(2)
}
