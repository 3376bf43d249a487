// The client IDs of a group that have a credential.

import { signal } from '@preact/signals'

import { focusLater } from '../ui/focus.ts'
import { Card } from '../ui/card.tsx'
import { Field } from '../ui/field.tsx'
import { createForm } from '../ui/form.ts'
import { Action, Failure, createTask } from '../ui/task.tsx'
import { say } from '../words.ts'
import { chosenDevice, deviceForm } from './device-form.ts'
import { focusWrong } from './focus.ts'
import { client, held, judge, onForget } from './keys.ts'

const words = say({
  title: ['Client IDs of a group', 'Group 下的客户端 ID'],
  groupId: ['Group ID', 'Group ID'],
  hint: ['Empty: the group of the client ID.', '留空则使用客户端 ID 所属的 Group。'],
  list: ['List', '列出'],
  ids: ['Client IDs', '客户端 ID'],
  use: ['Use this client ID', '使用此客户端 ID'],
  none: ['{group}: 0 client IDs', '{group}：0 个客户端 ID'],
  one: ['{group}: 1 client ID', '{group}：1 个客户端 ID'],
  many: ['{group}: {count} client IDs', '{group}：{count} 个客户端 ID'],
  first: ['{group}: first {count} client IDs', '{group}：前 {count} 个客户端 ID'],
})

const MOST_CLIENT_IDS = 1000

export const groupForm = createForm({ 'input.groupId': {} }, (values) =>
  judge((requests) => {
    const groupId = values['input.groupId'].trim()
    if (groupId) requests.listDeviceCredentialClientId({ groupId, instanceId: 'i' })
  }),
)

const found = signal<readonly string[]>([])
const task = createTask()

onForget(() => {
  task.drop()
  found.value = []
})

function list(): void {
  const typed = groupForm.submit()['input.groupId'].trim()
  if (groupForm.problem.value) {
    focusWrong('ons-list-form')
    return
  }
  const { clientId, instanceId } = chosenDevice()
  const groupId = typed || (clientId.split('@@@')[0] ?? '')
  void task.run(async (abort) => {
    const ids: string[] = []
    for await (const id of client().clientIds({ groupId, instanceId }, { signal: abort })) {
      ids.push(id)
      if (ids.length === MOST_CLIENT_IDS) break
    }
    found.value = ids
    const { length } = ids
    const told =
      length === MOST_CLIENT_IDS
        ? words.first
        : length === 0
          ? words.none
          : length === 1
            ? words.one
            : words.many
    return told({ group: groupId, count: length })
  })
}

export function Group() {
  return (
    <Card id="ons-group" title={words.title()}>
      <form
        id="ons-list-form"
        data-testid="ons-list-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          list()
        }}
      >
        <fieldset disabled={held.value === undefined}>
          <Field
            form={groupForm}
            name="input.groupId"
            id="ons-groupId"
            label={words.groupId()}
            hint={words.hint()}
          />
          <div class="actions">
            <Action task={task} id="ons-list">
              {words.list()}
            </Action>
          </div>
        </fieldset>
      </form>
      <Failure task={task} />
      {found.value.length > 0 && (
        <ul class="ons-ids" data-testid="ons-clientIds" aria-label={words.ids()}>
          {found.value.map((id) => (
            <li key={id}>
              <button
                type="button"
                class="small mono"
                data-testid="ons-list-item"
                title={words.use()}
                onClick={() => {
                  deviceForm.fill({ 'input.clientId': id })
                  focusLater('ons-clientId')
                }}
              >
                {id}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
