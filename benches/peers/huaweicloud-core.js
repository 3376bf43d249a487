// Huawei Cloud's SDK. It has no northbound API of devices; what is compared is what it does for one call of
// its own with a key pair (SDK-HMAC-SHA256), the way its clients build it.

import { peer } from './installed.js'
import { KEY_INPUT } from '../subject.js'

const { BasicCredentials } = peer('@huaweicloud/huaweicloud-sdk-core')
// Its clients take it by this path, too.
const { HttpRequestBuilder } = peer('@huaweicloud/huaweicloud-sdk-core/http/IHttpRequestBuilder')

export const PAIR = { ak: 'AKNOTREAL00000000001', sk: 'skNotReal0000000000000000000000000000001' }

/**
 * @param {string} endpoint
 * @returns {() => Promise<any>}
 */
export function builder(endpoint) {
  const credentials = new BasicCredentials(PAIR).withAk(PAIR.ak).withSk(PAIR.sk).withProjectId('p1')
  const { deviceId, timeout } = KEY_INPUT
  return () => {
    const request = new HttpRequestBuilder()
      .withEndpoint(endpoint)
      .withMethod('PUT')
      .withUrl(`/v5/iot/{project_id}/devices/${deviceId}`)
      .withHeaders({ 'content-type': 'application/json' })
      .withPathParams({})
      .withQueryParams({})
      .withData({ timeout })
      .build()
    return credentials.processAuthRequest(undefined, request)
  }
}
