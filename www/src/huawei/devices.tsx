// The card that lists devices, and takes in those that are registered already.

import { Card } from '../ui/card.tsx'
import { Field } from '../ui/field.tsx'
import { createForm } from '../ui/form.ts'
import { tell } from '../ui/status.tsx'
import { Action, Failure, createTask } from '../ui/task.tsx'
import { say } from '../words.ts'
import { DeviceRow } from './device.tsx'
import { devices, list } from './devices-list.ts'
import { offers } from './offers.ts'
import { client, connection, onLeave } from './session.ts'
import { reload, simulated, simulator } from './simulator.ts'
import { NO_TOKEN, judge, optional, submit } from './submit.ts'

const words = say({
  title: ['Devices', '设备'],
  load: ['Load the simulator’s devices', '载入模拟器的设备'],
  loaded: ['Loaded {count} devices', '已载入 {count} 个设备'],
  one: ['Loaded 1 device', '已载入 1 个设备'],
  legend: ['Add a registered device', '添加已注册的设备'],
  deviceId: ['Device ID', '设备 ID'],
  appId: ['Its application, if another', '所属应用（若为其他应用）'],
  add: ['Add', '添加'],
  added: ['Device added', '已添加设备'],
  empty: [
    'No devices yet. Register one, or add one by its ID.',
    '还没有设备。请注册一个，或按 ID 添加。',
  ],
})

const task = createTask()

onLeave(() => task.drop())

const form = createForm<'input.deviceId' | 'options.appId'>(
  { 'input.deviceId': { standIn: 'none' }, 'options.appId': {} },
  (values) =>
    judge((requests) =>
      requests.queryDeviceStatus(
        { deviceId: values['input.deviceId'].trim() },
        { ...NO_TOKEN, appId: optional(values['options.appId']) ?? null },
      ),
    ),
)

export function DevicesCard() {
  const usable = connection.value !== undefined
  return (
    <Card
      id="devices-card"
      title={words.title()}
      aside={
        simulator.value && (
          <button
            type="button"
            class="small"
            data-testid="devices-load"
            onClick={() => void loadSimulated()}
          >
            {words.load()}
          </button>
        )
      }
    >
      <form
        data-testid="device-add"
        noValidate
        autocomplete="off"
        onSubmit={(event) =>
          submit(event, form, task, async (values, signal) => {
            const deviceId = values['input.deviceId'].trim()
            const appId = optional(values['options.appId'])
            const options = { appId: appId ?? null, signal }
            const status = await client().queryDeviceStatus({ deviceId }, options)
            const device = list(deviceId, { appId })
            device.activated.value = status.activated
            device.name.value = status.name || device.name.peek()
            form.reset()
            return words.added()
          })
        }
      >
        <fieldset class="add" disabled={!usable}>
          <legend class="unseen">{words.legend()}</legend>
          <Field form={form} name="input.deviceId" id="device-add-id" label={words.deviceId()} />
          <Field form={form} name="options.appId" id="device-add-appId" label={words.appId()} />
          <Action task={task} id="device-add-submit" disabled={!usable}>
            {words.add()}
          </Action>
        </fieldset>
      </form>
      <Failure task={task} offers={offers(task)} />
      {devices.value.length === 0 && (
        <p class="empty" data-testid="devices-empty">
          {words.empty()}
        </p>
      )}
      <ul
        class="devices"
        id="devices"
        data-testid="devices"
        aria-label={words.title()}
        tabIndex={-1}
      >
        {devices.value.map((device) => (
          <DeviceRow key={device.deviceId} device={device} />
        ))}
      </ul>
    </Card>
  )
}

async function loadSimulated(): Promise<void> {
  await reload()
  const found = [...simulated.peek().values()]
  for (const { deviceId, nodeId, name } of found) list(deviceId, { nodeId, name }, 'last')
  tell(found.length === 1 ? words.one() : words.loaded({ count: found.length }))
}
