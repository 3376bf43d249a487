// The simulated platform, with lanes that do not touch each other: each has an application and
// devices of its own, so that cells of the matrix run side by side.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { ACCESS_KEY, INSTANCE } from '../js/support/aliyun.js'
import { importPackage, installPackage } from '../js/support/package.js'
import { startSimulator } from '../js/support/simulator.js'
import { LISTED } from './operations.js'
import { operationOf, startProxy } from './proxy.js'

/** @typedef {Awaited<ReturnType<typeof startWorld>>} World */
/** @typedef {World['lanes'][number]} Lane */

/** Ways to send: what each lane has one of. */
export const SENDERS = /** @type {const} */ (['nodeFetch', 'global fetch'])

/** Nobody listens there: port 9 discards what it is sent, if there is anybody at all. */
const NOBODY = '127.0.0.1:9'

/**
 * @param {number} count how many lanes
 * @param {{ args?: string[] }} [options] further flags of the simulator
 */
export async function startWorld(count, { args = [] } = {}) {
  const northbound = await importPackage()
  const folder = join(installPackage(), 'node_modules/northbound')
  /** @type {typeof import('northbound/node')} */
  const { nodeFetch } = await import(pathToFileURL(join(folder, 'node-only.js')).href)
  const apps = Array.from({ length: count }, (_, lane) => ({
    appId: `app-${lane}`,
    secret: `s+e/c=r&t%${lane}-of-a-lane`,
  }))
  const known = apps.flatMap(({ appId, secret }) => ['--app', `${appId}:${secret}`])
  const simulator = await startSimulator({ args: ['--limit', 'off', ...known, ...args] })
  const lanes = apps.map((app, number) => {
    // Devices that are always there: calls about them show that a client lives.
    const devices = [`lane-${number}-a`, `lane-${number}-b`]
    return { app, number, devices, open: () => openLine(simulator.http, nodeFetch) }
  })

  const world = {
    northbound,
    nodeFetch,
    simulator,
    lanes,
    /** What must be in no error. */
    secrets: {
      ...Object.fromEntries(apps.map(({ appId, secret }) => [`the secret of ${appId}`, secret])),
      'the access key': ACCESS_KEY.accessKeySecret,
    },
    /** @param {string} deviceId @param {string} [appId] */
    addDevice: (deviceId, appId) =>
      simulator.control('POST', '/devices', {
        deviceId,
        nodeId: `node-${deviceId}`,
        state: 'offline',
        // The lane's number stands in front.
        appId: appId ?? `app-${/^\d+/.exec(deviceId)?.[0]}`,
      }),
    /** @param {{ clientId: string, instanceId: string }} device */
    addCredential: (device) => simulator.control('POST', '/credentials', device),
    stop: () => simulator.stop(),
  }
  for (const { app, devices } of lanes) {
    for (const deviceId of devices) {
      await world.addDevice(deviceId, app.appId)
      await world.addCredential({ clientId: `GID_lanes@@@${deviceId}`, instanceId: INSTANCE })
    }
  }
  for (const clientId of LISTED) await world.addCredential({ clientId, instanceId: INSTANCE })
  return world
}

/**
 * A line to the platform that can be disturbed: a proxy, and senders whose connections nobody else has.
 * @param {string} upstream
 * @param {typeof import('northbound/node').nodeFetch} nodeFetch
 */
async function openLine(upstream, nodeFetch) {
  const proxy = await startProxy(upstream)
  /** @type {(operation: string) => boolean} */
  let refuses = () => false
  /** @param {import('northbound').FetchLike} send @returns {import('northbound').FetchLike} */
  const refusable = (send) => (url, init) => {
    const { host, pathname, search } = new URL(url)
    const asked = { ...init, path: pathname + search, body: '' }
    return send(refuses(operationOf(asked)) ? url.replace(host, NOBODY) : url, init)
  }
  return {
    ...proxy,
    senders: {
      nodeFetch: refusable(nodeFetch()),
      'global fetch': refusable((url, init) => globalThis.fetch(url, init)),
    },
    /**
     * Lets a fault meet requests, from now on, until it is told otherwise.
     * @param {import('./faults.js').ChaosFault} [fault]
     * @param {(operation: string) => boolean} [hits] which requests, by their operations
     */
    meet(fault, hits = () => false) {
      refuses = fault?.refuses ? hits : () => false
      proxy.faulty((operation) => (!fault?.refuses && hits(operation) ? fault : undefined))
    },
  }
}
