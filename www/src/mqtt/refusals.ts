// Why a broker cannot be reached or refuses a login, told like the package's errors.

import { PageError } from '../ui/error-card.tsx'
import { say } from '../words.ts'

const words = say({
  version: ['Protocol version refused', '协议版本被拒绝'],
  versionMeaning: ['The broker does not speak MQTT 3.1.1.', '服务端不支持 MQTT 3.1.1。'],
  versionRemedy: [
    'Check that the address is that of the instance.',
    '请检查地址是否为该实例的地址。',
  ],
  client: ['Client ID refused', '客户端 ID 被拒绝'],
  clientMeaning: ['The broker does not accept the client ID.', '服务端不接受该客户端 ID。'],
  clientRemedy: [
    'Check that its group exists in the instance.',
    '请检查该实例中是否存在对应的 Group。',
  ],
  service: ['Broker unavailable', '服务不可用'],
  serviceMeaning: ['The broker is up, but its service is not.', '服务端已运行，但其服务不可用。'],
  serviceRemedy: ['Try again later.', '请稍后重试。'],
  password: ['Wrong user name or password', '用户名或密码错误'],
  passwordMeaning: [
    'The user name is malformed, or the password is not the one that goes with it.',
    '用户名格式有误，或密码与其不匹配。',
  ],
  passwordRemedy: [
    'Get the credential again: Refresh makes every former password void.',
    '请重新获取凭证：刷新后，之前的密码全部失效。',
  ],
  authorised: ['Not authorised', '未授权'],
  authorisedMeaning: [
    'The broker knows no such credential for this client ID: it was unregistered or refreshed since, or belongs to another client ID or instance.',
    '服务端没有该客户端 ID 的此凭证：它已被注销或刷新，或属于其他客户端 ID 或实例。',
  ],
  authorisedRemedy: [
    'Get the credential again, or register the client ID anew.',
    '请重新获取凭证，或重新注册该客户端 ID。',
  ],
  authorisedToken: [
    'The broker takes no token of this login: one of them ended, was revoked, or allows something else.',
    '服务端不接受此登录信息中的令牌：其中有令牌已过期、已被吊销，或其权限不符。',
  ],
  authorisedTokenRemedy: ['Apply for a new token.', '请申请新的令牌。'],
  other: ['The broker refused the connection', '服务端拒绝了连接'],
  otherMeaning: ['MQTT 3.1.1 has no such code.', 'MQTT 3.1.1 中没有此代码。'],
  otherRemedy: [
    'Look the code up in the documents of the broker.',
    '请在服务端的文档中查阅该代码。',
  ],
  address: ['This is no address of a broker', '这不是 MQTT 服务端地址'],
  addressMeaning: [
    'A page reaches a broker over WebSocket only: ws:// on this machine, else wss://.',
    '网页只能通过 WebSocket 连接：本机使用 ws://，否则使用 wss://。',
  ],
  addressRemedy: [
    'Give for example wss://post-cn-example.mqtt.aliyuncs.com/mqtt, without user names.',
    '例如 wss://post-cn-example.mqtt.aliyuncs.com/mqtt，不含用户名。',
  ],
  policy: ['The page’s policy does not allow this address', '页面策略不允许此地址'],
  policyMeaning: [
    '{host} is not among the addresses that it names. By default these are 127.0.0.1, localhost and *.mqtt.aliyuncs.com.',
    '{host} 不在其允许的地址之列。默认允许 127.0.0.1、localhost 和 *.mqtt.aliyuncs.com。',
  ],
  policyRemedy: [
    'Add it to connect-src of the page’s Content-Security-Policy.',
    '请将其加入页面 Content-Security-Policy 的 connect-src。',
  ],
  noAnswer: ['The broker did not answer', '服务端没有应答'],
  noAnswerMeaning: ['No MQTT connection to {host} came about.', '未能与 {host} 建立 MQTT 连接。'],
  noAnswerRemedy: [
    'Check the address and that the broker is up. A page on https reaches wss:// only.',
    '请检查地址以及服务端是否在运行。https 页面只能连接 wss://。',
  ],
  ended: ['The broker ended the connection', '服务端结束了连接'],
  endedMeaning: [
    'The connection to {host} is gone (WebSocket code {code}).',
    '与 {host} 的连接已断开（WebSocket 代码 {code}）。',
  ],
  endedRemedy: [
    'Connect again. If it happens at once, another device may use the same client ID: the broker keeps only the latest.',
    '请重新连接。若立即断开，可能有其他设备使用相同的客户端 ID：服务端只保留最新的连接。',
  ],
  silent: [
    'Nothing was heard from {host} for {seconds} s.',
    '已有 {seconds} 秒没有收到 {host} 的任何数据。',
  ],
  silentRemedy: ['Check the network, then connect again.', '请检查网络，然后重新连接。'],
  late: ['The broker did not answer in time', '服务端应答超时'],
  lateMeaning: [
    'It took the message, but did not confirm it within {seconds} s.',
    '消息已发出，但在 {seconds} 秒内未得到确认。',
  ],
  lateRemedy: ['Try again.', '请重试。'],
  filter: ['The broker refused the subscription', '服务端拒绝了订阅'],
  filterMeaning: ['{topic} is not allowed to this client.', '该客户端无权订阅 {topic}。'],
  filterRemedy: [
    'Check that the parent topic exists in the instance and that the credential may read it.',
    '请检查实例中是否存在该父级 Topic，以及凭证是否有读权限。',
  ],
})

type Refusal = readonly [title: string, meaning: string, remedy: string]

/** MQTT 3.1.1, section 3.2.2.3. */
const REFUSALS: Record<number, (byToken: boolean) => Refusal> = {
  1: () => [words.version(), words.versionMeaning(), words.versionRemedy()],
  2: () => [words.client(), words.clientMeaning(), words.clientRemedy()],
  3: () => [words.service(), words.serviceMeaning(), words.serviceRemedy()],
  4: () => [words.password(), words.passwordMeaning(), words.passwordRemedy()],
  5: (byToken) =>
    byToken
      ? [words.authorised(), words.authorisedToken(), words.authorisedTokenRemedy()]
      : [words.authorised(), words.authorisedMeaning(), words.authorisedRemedy()],
}

function error([title, meaning, remedy]: Refusal, code = ''): PageError {
  return new PageError({ code, title, meaning, remedy })
}

export function refused(code: number, username: string): PageError {
  const told = REFUSALS[code]?.(username.startsWith('Token|'))
  const other: Refusal = [words.other(), words.otherMeaning(), words.otherRemedy()]
  return error(told ?? other, `[CONNACK ${code}]`)
}

export const noAddress = () =>
  error([words.address(), words.addressMeaning(), words.addressRemedy()])

export const forbidden = (host: string) =>
  error([words.policy(), words.policyMeaning({ host }), words.policyRemedy()])

export const unanswered = (host: string) =>
  error([words.noAnswer(), words.noAnswerMeaning({ host }), words.noAnswerRemedy()])

export const ended = (host: string, code: number) =>
  error([words.ended(), words.endedMeaning({ host, code }), words.endedRemedy()])

export const silent = (host: string, ms: number) =>
  error([words.noAnswer(), words.silent({ host, seconds: ms / 1000 }), words.silentRemedy()])

export const late = (ms: number) =>
  error([words.late(), words.lateMeaning({ seconds: ms / 1000 }), words.lateRemedy()])

export const filterRefused = (topic: string) =>
  error([words.filter(), words.filterMeaning({ topic }), words.filterRemedy()])
