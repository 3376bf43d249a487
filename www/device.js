// One device in the list: what is known of it and what can be done with it.

import { perform } from './calls.js'
import { optionalNumber, optionalText, part, setBadge, wireFields } from './dom.js'
import { secretView } from './secret.js'
import { client } from './session.js'
import { play, reloadIfThere, simulatedDevices } from './simulator.js'

export class Device {
  #slot
  #options
  /** @type {string | undefined} */
  #nodeId
  /** @type {string | undefined} */
  #name

  /**
   * @param {HTMLElement} element
   * @param {string} deviceId
   * @param {{ appId?: string | undefined; nodeId?: string | undefined }} about `appId` is the
   *   owner's, where that is another application
   * @param {() => void} onRemoved
   */
  constructor(element, deviceId, { appId, nodeId }, onRemoved) {
    this.element = element
    this.deviceId = deviceId
    this.#slot = this.#part('errors', HTMLElement)
    this.#options = appId ? { appId } : {}
    element.dataset['device'] = deviceId
    wireFields(element)
    this.#nodeId = nodeId
    this.#write('deviceId', deviceId)
    this.#fact('owner', appId)
    this.#drawNames()
    this.#startQuery()
    this.#startRefresh()
    this.#startRemove(onRemoved)
  }

  /**
   * @param {boolean} usable
   * @param {string | undefined} simulatedState
   */
  draw(usable, simulatedState) {
    for (const name of ['query', 'refresh', 'remove', 'refreshSubmit', 'confirmYes']) {
      this.#part(name, HTMLButtonElement).disabled = !usable
    }
    setBadge(this.#part('simulated', HTMLElement), simulatedState ?? '')
  }

  /** @param {string | null | undefined} name */
  showName(name) {
    this.#name = name || this.#name
    this.#drawNames()
  }

  /** @param {import('northbound').QueryDeviceStatusOutDTO} status */
  showStatus({ activated, name }) {
    const badge = this.#part('activated', HTMLElement)
    setBadge(badge, activated ? 'activated' : 'not activated', activated ? 'good' : '')
    this.showName(name)
  }

  /**
   * @param {string} verifyCode
   * @param {number} timeout In seconds
   * @param {string} [psk]
   */
  showCode(verifyCode, timeout, psk) {
    const views = [secretView('Verification code', verifyCode, timeout)]
    if (psk) views.push(secretView('Pre-shared key', psk))
    this.#part('secrets', HTMLElement).replaceChildren(...views)
  }

  #startQuery() {
    const button = this.#part('query', HTMLButtonElement)
    button.addEventListener('click', () =>
      perform({
        button,
        slot: this.#slot,
        doing: 'Asking for the status…',
        call: async (signal) => {
          this.showStatus(
            await client().queryDeviceStatus(
              { deviceId: this.deviceId },
              { ...this.#options, signal },
            ),
          )
          reloadIfThere()
          return 'Status read'
        },
      }),
    )
  }

  #startRefresh() {
    const opener = this.#part('refresh', HTMLButtonElement)
    const form = this.#part('refreshForm', HTMLFormElement)
    const first = form.querySelector('input') ?? opener
    this.#disclose(opener, form, this.#part('refreshClose', HTMLButtonElement), first)
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      perform({
        button: this.#part('refreshSubmit', HTMLButtonElement),
        form,
        slot: this.#slot,
        doing: 'Refreshing the key…',
        offers: this.#offers(),
        call: async (signal) => {
          const nodeId = optionalText(form, 'nodeId')
          const answer = await client().refreshDeviceKey(
            {
              deviceId: this.deviceId,
              verifyCode: optionalText(form, 'verifyCode'),
              nodeId,
              timeout: optionalNumber(form, 'timeout'),
            },
            { ...this.#options, signal },
          )
          this.showCode(answer.verifyCode, answer.timeout)
          this.#nodeId = nodeId ?? this.#nodeId
          this.#drawNames()
          form.reset()
          this.#toggle(opener, form, false)
          reloadIfThere()
          return 'The device has a new verification code'
        },
      })
    })
  }

  /** @param {() => void} onRemoved */
  #startRemove(onRemoved) {
    const opener = this.#part('remove', HTMLButtonElement)
    const confirm = this.#part('confirm', HTMLElement)
    const yes = this.#part('confirmYes', HTMLButtonElement)
    const no = this.#part('confirmNo', HTMLButtonElement)
    this.#disclose(opener, confirm, no, no)
    const text = `Delete ${this.deviceId} from the platform? This cannot be undone.`
    this.#write('confirmText', text)
    confirm.setAttribute('aria-label', text)
    yes.addEventListener('click', () =>
      perform({
        button: yes,
        slot: this.#slot,
        doing: 'Deleting the device…',
        call: async (signal) => {
          const cascade = this.#part('cascade', HTMLInputElement).checked || undefined
          await client().deleteDirectDevice(
            { deviceId: this.deviceId, cascade },
            { ...this.#options, signal },
          )
          this.element.remove()
          onRemoved()
          reloadIfThere()
          return 'Device deleted'
        },
      }),
    )
  }

  /** What the simulator can do about an error of this device. */
  #offers() {
    if (!simulatedDevices().has(this.deviceId)) return undefined
    /** @param {string} label @param {'activate' | 'offline'} action */
    const offer = (label, action) => ({
      label,
      run: () =>
        void perform({
          button: this.#part('refreshSubmit', HTMLButtonElement),
          slot: this.#slot,
          doing: 'Asking the simulator…',
          call: (signal) => play(this.deviceId, action, signal),
        }),
    })
    return {
      'take-device-offline': offer('Take it offline in the simulator', 'offline'),
      'activate-device': offer('Activate it in the simulator', 'activate'),
    }
  }

  /**
   * @param {HTMLButtonElement} opener
   * @param {HTMLElement} panel
   * @param {HTMLButtonElement} closer
   * @param {HTMLElement} first Takes the focus when the panel opens
   */
  #disclose(opener, panel, closer, first) {
    opener.addEventListener('click', () => {
      this.#toggle(opener, panel, panel.hidden)
      if (!panel.hidden) first.focus()
    })
    closer.addEventListener('click', () => this.#toggle(opener, panel, false))
    panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#toggle(opener, panel, false)
    })
  }

  /**
   * @param {HTMLButtonElement} opener
   * @param {HTMLElement} panel
   * @param {boolean} open
   */
  #toggle(opener, panel, open) {
    panel.hidden = !open
    opener.setAttribute('aria-expanded', String(open))
    if (!open) opener.focus()
  }

  #drawNames() {
    this.#write('title', this.#name || this.#nodeId || 'Device')
    this.#fact('nodeId', this.#name ? this.#nodeId : undefined)
  }

  /**
   * @param {'nodeId' | 'owner'} name
   * @param {string | undefined} text
   */
  #fact(name, text = '') {
    this.#write(name, text)
    this.#part(`${name}Row`, HTMLElement).hidden = text === ''
  }

  /** @param {string} name @param {string} text */
  #write(name, text) {
    this.#part(name, HTMLElement).textContent = text
  }

  /**
   * @template {Element} T
   * @param {string} name
   * @param {new () => T} type
   */
  #part(name, type) {
    return part(this.element, name, type)
  }
}
