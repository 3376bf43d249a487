// Inputs of the second platform that look random and are the same in every run.

import { INSTANCE } from './aliyun.js'
import { seeded } from './random.js'

/**
 * @typedef {{
 *   operation: string
 *   config: any
 *   input: any
 *   signing: { nonce: string, date: number }
 *   parameters: Record<string, string>
 *   host: string
 * }} Generated
 */

const SPECIAL = [...' !"#$%&\'()*+-./:;<=>?@[\\]^_`{|}~,']
const WIDE = ['中', '文', 'é', 'ß', 'Ω', 'я', '日', '😀', '👩‍🚀', 'e\u0301', '한', '\u2028']
const PIECES = ['%41', '%2B', '%%', '+', '&x=', '%zz', '==', '..', '//']
const LETTERS = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789']

/** @type {[any, string][]} parts of a configuration, and the host that they lead to */
const PLACES = [
  [{ regionId: 'cn-hangzhou' }, 'onsmqtt.cn-hangzhou.aliyuncs.com'],
  [{ regionId: 'mq-internet-access' }, 'onsmqtt.mq-internet-access.aliyuncs.com'],
  [{ regionId: 'ap-southeast-1', network: 'public' }, 'onsmqtt.ap-southeast-1.aliyuncs.com'],
  [{ regionId: 'eu-west-1', network: 'vpc' }, 'onsmqtt-vpc.eu-west-1.aliyuncs.com'],
  [{ endpoint: 'http://127.0.0.1:18080' }, '127.0.0.1:18080'],
  [{ endpoint: 'http://localhost:80/' }, 'localhost'],
  [{ endpoint: 'http://[::1]:9000' }, '[::1]:9000'],
  [{ endpoint: 'https://Platform.Example' }, 'platform.example'],
  [{ endpoint: 'https://platform.example:443' }, 'platform.example'],
  [
    { endpoint: 'https://platform.example:8443/', regionId: 'cn-hangzhou' },
    'platform.example:8443',
  ],
]

/**
 * @param {number} count
 * @param {number} seed
 * @returns {Iterable<Generated>}
 */
export function* generated(count, seed) {
  const random = seeded(seed)
  const { next, pick } = random
  /** @param {number} least @param {number} most */
  const between = (least, most) => least + Math.floor(next() * (most - least + 1))
  /** @param {number} units @param {string[][]} kinds */
  const text = (units, ...kinds) => {
    let made = ''
    for (let tries = 0; tries < 4 * units && made.length < units; tries += 1) {
      const piece = pick(pick(kinds))
      if (made.length + piece.length <= units) made += piece
    }
    return made || 'x'
  }
  /** @param {number} units */
  const wild = (units) => text(units, LETTERS, SPECIAL, WIDE, PIECES)
  /** @param {number} units */
  const visible = (units) => text(units, LETTERS, [...'!#$%&()*+-./:;<=>?@[]^_`{|}~']).trim()
  const instance = () => (next() < 0.5 ? INSTANCE : `mqtt-cn-${wild(between(1, 20))}`)

  const group = () => `GID_${text(between(3, 20), LETTERS, ['-', '_'])}`
  const device = () => {
    const start = `${group()}@@@`
    const clientId = start + wild(between(1, 64 - start.length))
    const instanceId = instance()
    const input = { clientId, instanceId }
    return { input, parameters: { ClientId: clientId, InstanceId: instanceId } }
  }
  const token = () => {
    const input = { instanceId: instance(), token: wild(between(1, 120)) }
    return { input, parameters: { InstanceId: input.instanceId, Token: input.token } }
  }
  const makers = /** @type {Record<string, () => { input: any, parameters: any }>} */ ({
    registerDeviceCredential: device,
    getDeviceCredential: device,
    refreshDeviceCredential: device,
    unRegisterDeviceCredential: device,
    listDeviceCredentialClientId: () => {
      const input = /** @type {any} */ ({ groupId: group(), instanceId: instance() })
      if (next() < 0.5) input.pageSize = between(1, 100)
      if (next() < 0.5) input.pageNo = between(1, 1000)
      if (next() < 0.5) input.nextToken = wild(between(1, 40))
      const parameters = {
        GroupId: input.groupId,
        InstanceId: input.instanceId,
        PageSize: String(input.pageSize ?? 100),
        ...(input.pageNo === undefined ? {} : { PageNo: String(input.pageNo) }),
        ...(input.nextToken === undefined ? {} : { NextToken: input.nextToken }),
      }
      return { input, parameters }
    },
    applyToken: () => {
      const resources = Array.from({ length: between(1, next() < 0.02 ? 100 : 6) }, () =>
        `${wild(between(1, 30))}${pick(['', '/#', '/+/x'])}`.replaceAll(',', '.'),
      )
      const expireTime = 1_600_000_000_000 + between(0, 1_000_000_000)
      const input = {
        instanceId: instance(),
        resources,
        actions: pick(['R', 'W', 'R,W']),
        expireTime: next() < 0.5 ? expireTime : new Date(expireTime),
      }
      const sorted = resources.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      const parameters = {
        InstanceId: input.instanceId,
        Resources: sorted.join(','),
        Actions: input.actions,
        ExpireTime: String(expireTime),
      }
      return { input, parameters }
    },
    queryToken: token,
    revokeToken: token,
  })
  const names = Object.keys(makers)

  for (let index = 0; index < count; index += 1) {
    const operation = /** @type {string} */ (names[index % names.length])
    const signature = pick(['ACS3-HMAC-SHA256', 'HMAC-SHA1', undefined])
    const [place, host] = pick(PLACES)
    const credentials = {
      accessKeyId: text(between(1, 30), LETTERS, ['.']),
      accessKeySecret: visible(between(1, 40)) || 'x',
      ...(next() < 0.5 ? { securityToken: visible(between(1, 200)) || 'x' } : {}),
    }
    const { input, parameters } = /** @type {() => any} */ (makers[operation])()
    const Action = operation.replace(/^./, (first) => first.toUpperCase())
    yield {
      operation,
      config: { ...place, credentials, ...(signature === undefined ? {} : { signature }) },
      input,
      signing: {
        nonce: text(between(8, 40), LETTERS, ['-']),
        date: between(0, 4_000_000_000) * 1000 + between(0, 999),
      },
      parameters: { ...parameters, Action, Version: '2020-04-20' },
      host,
    }
  }
}
