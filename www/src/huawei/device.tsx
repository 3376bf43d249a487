// One device of the list: what is known of it, its codes as they run out, and what can be done with it.

import { useSignalEffect } from '@preact/signals'

import { Badge } from '../ui/card.tsx'
import { Secret } from '../ui/secret.tsx'
import { Action, Failure } from '../ui/task.tsx'
import { now } from '../ui/time.ts'
import { say } from '../words.ts'
import { DeviceRefresh, openRefresh } from './device-refresh.tsx'
import { DeviceRemove } from './device-remove.tsx'
import { type Code, type Device, dropEnded, unfolded } from './devices-list.ts'
import { offers } from './offers.ts'
import { client, connection } from './session.ts'
import { reloadIfThere, simulated, stateName } from './simulator.ts'

const words = say({
  device: ['Device', '设备'],
  activated: ['activated', '已激活'],
  notActivated: ['not activated', '未激活'],
  simulated: ['Simulator: {state}', '模拟器：{state}'],
  nodeId: ['Node ID', '节点 ID'],
  owner: ['Of application', '所属应用'],
  query: ['Status', '状态'],
  queried: ['Status read', '已读取状态'],
  refresh: ['Refresh key', '刷新密钥'],
  remove: ['Delete', '删除'],
  code: ['Verification code', '验证码'],
  psk: ['Pre-shared key', '预共享密钥'],
})

export function DeviceRow({ device }: { device: Device }) {
  useSignalEffect(() => dropEnded(device, now.value))
  const { deviceId } = device
  const title = device.name.value || device.nodeId.value || words.device()
  const part = unfolded.value?.deviceId === deviceId ? unfolded.value.part : undefined
  return (
    <li class="device" data-testid="device" data-device={deviceId} aria-label={title}>
      <div class="device-head">
        <h3 data-testid="device-title">{title}</h3>
        <Badges device={device} />
        <Buttons device={device} part={part} />
      </div>
      <dl class="device-facts">
        <div>
          <dt class="unseen">{words.device()}</dt>
          <dd class="mono" data-testid="device-id">
            {deviceId}
          </dd>
        </div>
        {device.name.value && device.nodeId.value && (
          <Fact label={words.nodeId()} value={device.nodeId.value} />
        )}
        {device.appId && <Fact label={words.owner()} value={device.appId} />}
      </dl>
      {device.codes.value.map((code) => (
        <CodeLine key={code.kind} code={code} />
      ))}
      {part === 'refresh' && <DeviceRefresh device={device} />}
      {part === 'remove' && <DeviceRemove device={device} />}
      {(['query', 'refresh', 'remove'] as const).map((name) => (
        <Failure key={name} task={device[name]} offers={offers(device[name], deviceId)} />
      ))}
    </li>
  )
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd class="mono">{value}</dd>
    </div>
  )
}

function CodeLine({ code }: { code: Code }) {
  const { endsAt, lifeMs } = code
  return (
    <Secret
      label={words[code.kind]()}
      value={() => code.text}
      {...(endsAt !== undefined && { endsAt })}
      {...(lifeMs !== undefined && { lifeMs })}
    />
  )
}

function Badges({ device }: { device: Device }) {
  const activated = device.activated.value
  const state = simulated.value.get(device.deviceId)?.state
  return (
    <span class="badges">
      {activated !== undefined && (
        <Badge testId="device-activated" tone={activated ? 'good' : 'neutral'}>
          {activated ? words.activated() : words.notActivated()}
        </Badge>
      )}
      {state && (
        <Badge testId="device-simulated" tone={state === 'online' ? 'good' : 'neutral'}>
          {words.simulated({ state: stateName(state) })}
        </Badge>
      )}
    </span>
  )
}

interface ButtonsProps {
  device: Device
  part: 'refresh' | 'remove' | undefined
}

function Buttons({ device, part }: ButtonsProps) {
  const usable = connection.value !== undefined
  const { deviceId } = device
  return (
    <span class="device-buttons">
      <Action
        task={device.query}
        testId="device-query"
        small
        disabled={!usable}
        onClick={() => query(device)}
      >
        {words.query()}
      </Action>
      <button
        type="button"
        class="small"
        data-testid="device-refresh"
        aria-expanded={part === 'refresh'}
        disabled={!usable}
        onClick={() => {
          if (part === 'refresh') unfolded.value = undefined
          else openRefresh(device)
        }}
      >
        {words.refresh()}
      </button>
      <button
        type="button"
        class="small"
        data-testid="device-delete"
        aria-expanded={part === 'remove'}
        disabled={!usable}
        onClick={() => {
          unfolded.value = part === 'remove' ? undefined : { deviceId, part: 'remove' }
        }}
      >
        {words.remove()}
      </button>
    </span>
  )
}

function query(device: Device): void {
  void device.query.run(async (signal) => {
    const { deviceId, appId } = device
    const options = { appId: appId ?? null, signal }
    const { activated, name } = await client().queryDeviceStatus({ deviceId }, options)
    device.activated.value = activated
    device.name.value = name || device.name.peek()
    reloadIfThere()
    return words.queried()
  })
}
