// The vendor's older SDK for calls without a typed client, with the RPC signature.

import { peer } from './installed.js'
import { ACTION, DEVICE, KEY, VERSION } from '../subject.js'

const { RPCClient } = peer('@alicloud/pop-core')

/**
 * @param {string} endpoint
 * @returns {() => Promise<any>}
 */
export function caller(endpoint) {
  const client = new RPCClient({ ...KEY, endpoint, apiVersion: VERSION })
  return () => {
    const parameters = { ClientId: DEVICE.clientId, InstanceId: DEVICE.instanceId }
    return client.request(ACTION, parameters, { method: 'POST' })
  }
}
