// Asks in the page whether a device is to be deleted.

import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'

import { Action } from '../ui/task.tsx'
import { say } from '../words.ts'
import { type Device, unlist } from './devices-list.ts'
import { fold } from './focus.ts'
import { client, connection } from './session.ts'
import { reloadIfThere } from './simulator.ts'

const words = say({
  question: [
    'Delete {device} from the platform? This cannot be undone.',
    '要从平台删除 {device} 吗？此操作无法撤销。',
  ],
  cascade: ['With the devices that are connected through it', '连同经由它接入的设备'],
  yes: ['Delete', '删除'],
  no: ['Keep', '保留'],
  done: ['Device deleted', '已删除设备'],
})

export function DeviceRemove({ device }: { device: Device }) {
  const { deviceId, appId } = device
  const cascade = useSignal(false)
  const keep = useRef<HTMLButtonElement>(null)
  const close = () => fold(deviceId, 'device-delete')
  useLayoutEffect(() => keep.current?.focus(), [])
  const question = words.question({ device: deviceId })
  return (
    <div
      class="unfolded confirm"
      role="group"
      aria-label={question}
      data-testid="delete-confirm"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close()
      }}
    >
      <p>{question}</p>
      <label class="check">
        <input
          type="checkbox"
          data-testid="delete-cascade"
          checked={cascade.value}
          onChange={(event) => {
            cascade.value = event.currentTarget.checked
          }}
        />
        <span>{words.cascade()}</span>
      </label>
      <div class="actions">
        <Action
          task={device.remove}
          id="delete-yes"
          disabled={connection.value === undefined}
          onClick={() =>
            void device.remove.run(async (signal) => {
              const input = { deviceId, ...(cascade.peek() && { cascade: true }) }
              await client().deleteDirectDevice(input, { appId: appId ?? null, signal })
              unlist(device)
              reloadIfThere()
              document.getElementById('devices')?.focus()
              return words.done()
            })
          }
        >
          {words.yes()}
        </Action>
        <button type="button" ref={keep} data-testid="delete-no" onClick={close}>
          {words.no()}
        </button>
      </div>
    </div>
  )
}
