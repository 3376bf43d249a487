// The place of ApsaraMQ for MQTT: keys, the credential of a device, the client IDs of a group.

import { OnsMqttClient, mqttDeviceLogin } from 'northbound'
import { disconnectBroker, offerLogin, presetBroker, startBroker, voidLogin } from './broker.js'
import { perform } from './calls.js'
import { byId, fieldText, optionalText, say, setBadge, textElement } from './dom.js'
import { eventLogger, startEvents } from './events.js'
import { secretView } from './secret.js'
import { formatDate } from './time.js'

/** What the simulator knows from its start. Not a secret of any platform. */
const SIMULATOR = {
  key: { accessKeyId: 'LTAI5tSIMULATORONLY0001', accessKeySecret: 'simulatorSecretNotReal0001' },
  sts: {
    accessKeyId: 'STS.SIMULATORONLY0002',
    accessKeySecret: 'simulatorStsSecret0002',
    securityToken: 'CAISsimulator+token/with=special&chars==',
  },
  instanceId: 'post-cn-simulator01',
  groupId: 'GID_demo',
  clientId: 'GID_demo@@@device-1',
}

const MOST_CLIENT_IDS = 1000

/** The client with the keys; they stand nowhere else in the page. @type {OnsMqttClient | undefined} */
let current

export function startOns() {
  startEvents('ons-events')
  startAccess()
  startCredential()
  startList()
  startBroker()
  draw()
}

function client() {
  if (!current) throw new Error('Give the page keys first')
  return current
}

// ── Keys ───────────────────────────────────────────────────────────────────────────────────────

function startAccess() {
  const form = byId('ons-access-form', HTMLFormElement)
  const slot = byId('ons-access-errors', HTMLElement)
  const secrets = ['ons-accessKeySecret', 'ons-securityToken'].map((id) =>
    byId(id, HTMLInputElement),
  )
  const drawKind = () => {
    const sts = fieldText(form, 'kind') === 'sts'
    byId('ons-securityToken-field', HTMLElement).hidden = !sts
    byId('ons-key-warning', HTMLElement).hidden = sts
  }
  form.addEventListener('change', drawKind)
  form.querySelector('fieldset')?.removeAttribute('disabled')
  drawKind() // what is disabled counts as empty

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    perform({
      button: byId('ons-use', HTMLButtonElement),
      slot,
      form,
      doing: 'Taking the keys…',
      call: async () => {
        const accessKeyId = fieldText(form, 'accessKeyId')
        const made = open(form, accessKeyId)
        current?.free()
        current = made
        for (const field of secrets) field.value = ''
        draw(accessKeyId)
        return 'Keys taken; nothing was sent yet'
      },
    })
  })
  byId('ons-preset', HTMLButtonElement).addEventListener('click', () => {
    const keys = fieldText(form, 'kind') === 'sts' ? SIMULATOR.sts : SIMULATOR.key
    fill({ ...keys, endpoint: `${location.origin}/aliyun/` }, form)
    fill(SIMULATOR, byId('ons-credential-form', HTMLFormElement))
    fill(SIMULATOR, byId('ons-list-form', HTMLFormElement))
    presetBroker()
    byId('ons-use', HTMLButtonElement).focus()
  })
  byId('ons-forget', HTMLButtonElement).addEventListener('click', () => {
    current?.free()
    current = undefined
    disconnectBroker()
    offerLogin(undefined)
    byId('ons-result', HTMLElement).replaceChildren()
    byId('ons-clientIds', HTMLElement).replaceChildren()
    for (const name of ['access', 'credential', 'list', 'mqtt']) {
      byId(`ons-${name}-errors`, HTMLElement).replaceChildren()
    }
    for (const field of secrets) field.value = ''
    draw()
    byId('ons-accessKeyId', HTMLInputElement).focus()
    say('The page has forgotten keys and credentials')
  })
}

/**
 * @param {HTMLFormElement} form
 * @param {string} accessKeyId
 */
function open(form, accessKeyId) {
  const sts = fieldText(form, 'kind') === 'sts'
  const endpoint = fieldText(form, 'endpoint').trim()
  const credentials = { accessKeyId, accessKeySecret: fieldText(form, 'accessKeySecret') }
  return new OnsMqttClient(
    {
      ...(endpoint ? { endpoint } : { regionId: fieldText(form, 'regionId').trim() }),
      credentials: sts
        ? { ...credentials, securityToken: fieldText(form, 'securityToken') }
        : credentials,
      signature: fieldText(form, 'signature') === 'HMAC-SHA1' ? 'HMAC-SHA1' : 'ACS3-HMAC-SHA256',
    },
    { onEvent: eventLogger('ons-events') },
  )
}

/**
 * @param {Record<string, unknown>} values
 * @param {HTMLFormElement} form
 */
function fill(values, form) {
  for (const input of form.querySelectorAll('input:not([type="radio"])')) {
    if (input instanceof HTMLInputElement && input.name in values) {
      input.value = String(values[input.name])
    }
  }
}

/** @param {string} [accessKeyId] Of the keys in use */
function draw(accessKeyId) {
  const state = byId('ons-access-state', HTMLElement)
  if (accessKeyId) setBadge(state, `holds ${accessKeyId}`, 'good')
  else setBadge(state, 'no keys')
  byId('ons-forget', HTMLElement).hidden = !accessKeyId
  for (const name of ['credential', 'list']) {
    const fieldset = byId(`ons-${name}-form`, HTMLFormElement).querySelector('fieldset')
    if (fieldset) fieldset.disabled = !accessKeyId
  }
}

// ── Credential ─────────────────────────────────────────────────────────────────────────────────

function startCredential() {
  const form = byId('ons-credential-form', HTMLFormElement)
  const slot = byId('ons-credential-errors', HTMLElement)
  const confirm = byId('ons-unregister-confirm', HTMLElement)
  const opener = byId('ons-unregister', HTMLButtonElement)
  const device = () => ({
    clientId: fieldText(form, 'clientId'),
    instanceId: fieldText(form, 'instanceId'),
  })

  /**
   * @param {'register' | 'get' | 'refresh'} what
   * @param {string} doing
   * @param {string} done
   */
  const ask = (what, doing, done) => {
    const method = /** @type {const} */ (`${what}DeviceCredential`)
    void perform({
      button: byId(`ons-${what}`, HTMLButtonElement),
      slot,
      form,
      doing,
      // "none": the credential is there already.
      ...(what === 'register' ? { offers: { none: { label: 'Get it', run: get } } } : {}),
      call: async (signal) => {
        const answer = await client()[method](device(), { signal })
        showCredential(answer.deviceCredential, answer.requestId)
        return `${done} ${answer.deviceCredential.clientId}`
      },
    })
  }
  const get = () => ask('get', 'Asking for the credential…', 'Read the credential of')
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    ask('register', 'Registering…', 'Registered')
  })
  byId('ons-get', HTMLButtonElement).addEventListener('click', get)
  byId('ons-refresh', HTMLButtonElement).addEventListener('click', () =>
    ask('refresh', 'Refreshing the credential…', 'New credential for'),
  )

  /** @param {boolean} asks */
  const toggle = (asks) => {
    confirm.hidden = !asks
    opener.setAttribute('aria-expanded', String(asks))
    byId(asks ? 'ons-unregister-no' : 'ons-unregister', HTMLButtonElement).focus()
  }
  opener.addEventListener('click', () => toggle(confirm.hidden))
  byId('ons-unregister-no', HTMLButtonElement).addEventListener('click', () => toggle(false))
  confirm.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') toggle(false)
  })
  const yes = byId('ons-unregister-yes', HTMLButtonElement)
  yes.addEventListener('click', () =>
    perform({
      button: yes,
      slot,
      form,
      doing: 'Unregistering…',
      call: async (signal) => {
        const ref = device()
        try {
          await client().unRegisterDeviceCredential(ref, { signal })
        } finally {
          toggle(false)
        }
        byId('ons-result', HTMLElement).replaceChildren()
        voidLogin(ref)
        return `Unregistered ${ref.clientId}`
      },
    }),
  )
}

/**
 * @param {import('northbound').DeviceCredential} credential
 * @param {string} requestId
 */
function showCredential(credential, requestId) {
  const facts = document.createElement('dl')
  facts.className = 'facts'
  for (const [name, label, text] of /** @type {const} */ ([
    ['clientId', 'Client ID', credential.clientId],
    ['keyId', 'Device access key ID', credential.deviceAccessKeyId],
    ['created', 'Created', formatDate(credential.createTime)],
    ['updated', 'Updated', formatDate(credential.updateTime)],
    ['requestId', 'Request ID', requestId],
  ])) {
    const row = document.createElement('div')
    const value = textElement('dd', 'mono', text)
    value.dataset['testid'] = `ons-result-${name}`
    row.append(textElement('dt', '', label), value)
    facts.append(row)
  }
  const secret = secretView('Device access key secret', credential.deviceAccessKeySecret)
  byId('ons-result', HTMLElement).replaceChildren(facts, secret)
  offerLogin(mqttDeviceLogin(credential), credential.instanceId)
}

// ── Client IDs ─────────────────────────────────────────────────────────────────────────────────

function startList() {
  const form = byId('ons-list-form', HTMLFormElement)
  const credential = byId('ons-credential-form', HTMLFormElement)
  const clientId = byId('ons-clientId', HTMLInputElement)
  const list = byId('ons-clientIds', HTMLElement)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    perform({
      button: byId('ons-list', HTMLButtonElement),
      slot: byId('ons-list-errors', HTMLElement),
      form,
      doing: 'Asking for the client IDs…',
      call: async (signal) => {
        const groupId = optionalText(form, 'groupId') ?? clientId.value.split('@@@')[0] ?? ''
        const input = { groupId, instanceId: fieldText(credential, 'instanceId') }
        /** @type {string[]} */
        const found = []
        for await (const id of client().clientIds(input, { signal })) {
          found.push(id)
          if (found.length === MOST_CLIENT_IDS) break
        }
        list.replaceChildren(...found.map(row))
        const more = found.length === MOST_CLIENT_IDS ? 'first ' : ''
        const noun = found.length === 1 ? 'client ID' : 'client IDs'
        return `${groupId}: ${more}${found.length} ${noun}`
      },
    })
  })

  /** @param {string} id */
  const row = (id) => {
    const item = document.createElement('li')
    const button = /** @type {HTMLButtonElement} */ (textElement('button', 'small mono', id))
    button.type = 'button'
    button.dataset['testid'] = 'ons-list-item'
    button.title = 'Use this client ID'
    button.addEventListener('click', () => {
      clientId.value = id
      clientId.focus()
    })
    item.append(button)
    return item
  }
}
