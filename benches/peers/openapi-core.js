// The vendor's SDK: @alicloud/openapi-core, called as its generated clients do. The client for OnsMqtt itself is
// not on npm, so its one call and the models of it stand here, in the form of the generator.

import { peer } from './installed.js'
import { ACTION, DEVICE, KEY, VERSION } from '../subject.js'

const OpenApi = peer('@alicloud/openapi-core')
const $dara = peer('@darabonba/typescript')
const { $OpenApiUtil, OpenApiUtil } = OpenApi

class Request extends $dara.Model {
  static names() {
    return { clientId: 'ClientId', instanceId: 'InstanceId' }
  }
  static types() {
    return { clientId: 'string', instanceId: 'string' }
  }
  validate() {
    super.validate()
  }
  /** @param {Record<string, any>} [map] */
  constructor(map) {
    super(map)
  }
}

class Credential extends $dara.Model {
  static names() {
    return {
      clientId: 'ClientId',
      createTime: 'CreateTime',
      deviceAccessKeyId: 'DeviceAccessKeyId',
      deviceAccessKeySecret: 'DeviceAccessKeySecret',
      instanceId: 'InstanceId',
      updateTime: 'UpdateTime',
    }
  }
  static types() {
    return {
      clientId: 'string',
      createTime: 'number',
      deviceAccessKeyId: 'string',
      deviceAccessKeySecret: 'string',
      instanceId: 'string',
      updateTime: 'number',
    }
  }
  validate() {
    super.validate()
  }
  /** @param {Record<string, any>} [map] */
  constructor(map) {
    super(map)
  }
}

class Body extends $dara.Model {
  static names() {
    return { deviceCredential: 'DeviceCredential', requestId: 'RequestId' }
  }
  static types() {
    return { deviceCredential: Credential, requestId: 'string' }
  }
  validate() {
    if (this.deviceCredential && typeof this.deviceCredential.validate === 'function')
      this.deviceCredential.validate()
    super.validate()
  }
  /** @param {Record<string, any>} [map] */
  constructor(map) {
    super(map)
  }
}

class Response extends $dara.Model {
  static names() {
    return { headers: 'headers', statusCode: 'statusCode', body: 'body' }
  }
  static types() {
    return {
      headers: { type: 'map', keyType: 'string', valueType: 'string' },
      statusCode: 'number',
      body: Body,
    }
  }
  validate() {
    if (this.headers) $dara.Model.validateMap(this.headers)
    if (this.body && typeof this.body.validate === 'function') this.body.validate()
    super.validate()
  }
  /** @param {Record<string, any>} [map] */
  constructor(map) {
    super(map)
  }
}

/**
 * @param {string} endpoint
 * @param {'v2'} [signatureAlgorithm] absent: ACS3
 * @returns {() => Promise<any>}
 */
export function caller(endpoint, signatureAlgorithm) {
  const { host } = new URL(endpoint)
  const config = { ...KEY, protocol: 'http', endpoint: host, signatureAlgorithm }
  const client = new OpenApi.default(new $OpenApiUtil.Config(config))
  return async () => {
    const request = new Request(DEVICE)
    request.validate()
    /** @type {Record<string, string>} */
    const query = {}
    if (!$dara.isNull(request.clientId)) query['ClientId'] = request.clientId
    if (!$dara.isNull(request.instanceId)) query['InstanceId'] = request.instanceId
    const sent = new $OpenApiUtil.OpenApiRequest({ query: OpenApiUtil.query(query) })
    const params = new $OpenApiUtil.Params({
      action: ACTION,
      version: VERSION,
      protocol: 'HTTPS',
      pathname: '/',
      method: 'POST',
      authType: 'AK',
      style: 'RPC',
      reqBodyType: 'formData',
      bodyType: 'json',
    })
    const runtime = new $dara.RuntimeOptions({})
    return $dara.cast(await client.callApi(params, sent, runtime), new Response({})).body
  }
}

/**
 * The steps of its `doRequest` that sign, and no others.
 * @param {string} endpoint
 * @returns {() => import('../subject.js').Wire}
 */
export function signing(endpoint) {
  const { host } = new URL(endpoint)
  const algorithm = 'ACS3-HMAC-SHA256'
  return () => {
    const request = new $dara.Request()
    request.method = 'POST'
    request.pathname = '/'
    request.query = { ClientId: DEVICE.clientId, InstanceId: DEVICE.instanceId }
    request.headers = {
      host,
      'x-acs-version': VERSION,
      'x-acs-action': ACTION,
      'user-agent': OpenApiUtil.getUserAgent(undefined),
      'x-acs-date': OpenApiUtil.getTimestamp(),
      'x-acs-signature-nonce': OpenApiUtil.getNonce(),
      accept: 'application/json',
    }
    const hashed = OpenApiUtil.hash(Buffer.from('', 'utf-8'), algorithm).toString('hex')
    request.headers['x-acs-content-sha256'] = hashed
    request.headers['Authorization'] = OpenApiUtil.getAuthorization(
      request,
      algorithm,
      hashed,
      KEY.accessKeyId,
      KEY.accessKeySecret,
    )
    return request
  }
}

/** What its answers are made of. @param {number} statusCode @param {string} text */
export function decode(statusCode, text) {
  const body = JSON.parse(text)
  if (statusCode < 400) {
    return $dara.cast({ statusCode, headers: {}, body }, new Response({})).body
  }
  throw new OpenApi.ClientError({
    statusCode,
    code: `${body.Code}`,
    message: `code: ${statusCode}, ${body.Message} request id: ${body.RequestId}`,
    detail: `${body.Detail}`,
    description: `${body.Description}`,
    data: body,
    accessDeniedDetail: undefined,
    requestId: `${body.RequestId}`,
  })
}
