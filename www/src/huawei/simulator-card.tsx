// The card that plays the devices, where the simulator serves this page.

import { useSignal } from '@preact/signals'

import { Badge, Card } from '../ui/card.tsx'
import { tell } from '../ui/status.tsx'
import { Action, Failure, createTask } from '../ui/task.tsx'
import { say } from '../words.ts'
import { type Play, play, reload, simulated, simulator, stateName } from './simulator.ts'

const words = say({
  title: ['Simulator', '模拟器'],
  answers: ['answers', '有应答'],
  about: [
    'Stands in for the platform at this address. Play the device here.',
    '在此地址代替平台。可在此扮演设备。',
  ],
  device: ['Device', '设备'],
  activate: ['Activate', '激活'],
  online: ['Go online', '上线'],
  offline: ['Go offline', '离线'],
  reload: ['Reload', '重新载入'],
  reloaded: ['Simulator reloaded', '已重新载入模拟器'],
  silent: ['The simulator does not answer', '模拟器没有应答'],
})

const PLAYS: readonly Play[] = ['activate', 'online', 'offline']

const tasks = { activate: createTask(), online: createTask(), offline: createTask() }

export function SimulatorCard() {
  const chosen = useSignal('')
  if (!simulator.value) return null
  const found = [...simulated.value.values()]
  const deviceId = simulated.value.has(chosen.value) ? chosen.value : (found[0]?.deviceId ?? '')
  return (
    <Card
      id="simulator-card"
      title={words.title()}
      aside={<Badge tone="good">{words.answers()}</Badge>}
    >
      <div class="stack">
        <p class="quiet">{words.about()}</p>
        <div class="field">
          <label for="simulator-device">{words.device()}</label>
          <select
            id="simulator-device"
            data-testid="simulator-device"
            value={deviceId}
            onChange={(event) => {
              chosen.value = event.currentTarget.value
            }}
          >
            {found.map((device) => (
              <option key={device.deviceId} value={device.deviceId}>
                {[device.nodeId || device.deviceId, stateName(device.state)]
                  .filter(Boolean)
                  .join(' · ')}
              </option>
            ))}
          </select>
        </div>
        <div class="actions">
          {PLAYS.map((action) => (
            <Action
              key={action}
              task={tasks[action]}
              id={`simulator-${action}`}
              small
              onClick={() => void tasks[action].run((abort) => play(deviceId, action, abort))}
            >
              {words[action]()}
            </Action>
          ))}
          <button
            type="button"
            class="small"
            data-testid="simulator-reload"
            onClick={async () => tell((await reload()) ? words.reloaded() : words.silent())}
          >
            {words.reload()}
          </button>
        </div>
      </div>
      {PLAYS.map((action) => (
        <Failure key={action} task={tasks[action]} />
      ))}
    </Card>
  )
}
