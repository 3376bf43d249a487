// The card of the connection: where the platform is and who calls it.

import { useSignal } from '@preact/signals'

import { focusLater } from '../ui/focus.ts'
import { Badge, Card } from '../ui/card.tsx'
import { tell } from '../ui/status.tsx'
import { Action, Failure, createTask } from '../ui/task.tsx'
import { say } from '../words.ts'
import { ConnectionFields } from './connection-fields.tsx'
import { SIMULATOR, clientInfo, form, insecure } from './connection-form.ts'
import { type Connection, connect, connection, disconnect, leave } from './session.ts'
import { Share, stop } from './share.tsx'
import { kept, sharing } from './sharing.ts'
import { simulator } from './simulator.ts'
import { submit } from './submit.ts'

const words = say({
  title: ['Connection', '连接'],
  loggedOut: ['not logged in', '未登录'],
  loggedIn: ['logged in as {appId}', '已登录：{appId}'],
  address: ['Address of the platform', '平台地址'],
  login: ['Log in', '登录'],
  simulator: ['Simulator', '模拟器'],
  simulatorHint: ['Fill in the simulator’s application', '填入模拟器的应用'],
  change: ['Log in anew…', '重新填写…'],
  back: ['Back', '返回'],
  disconnect: ['Disconnect', '断开'],
  forget: ['Forget on this machine', '清除本机数据'],
  forgetHint: [
    'Disconnects, and removes the shared token and its key for all tabs',
    '断开连接，并为所有标签页删除共享的令牌及其密钥',
  ],
  done: ['Logged in as {appId}', '已登录：{appId}'],
  gone: ['Disconnected; the page has forgotten token and devices', '已断开；页面已清除令牌和设备'],
})

const task = createTask()

/** What was typed is not kept when it is not used. */
const NO_SECRET = { 'clientInfo.secret': '' }

export function ConnectionCard() {
  const current = connection.value
  const changing = useSignal(false)
  const folded = current !== undefined && !changing.value
  const quit = async (andForget: boolean) => {
    task.drop()
    disconnect()
    changing.value = false
    form.fill(NO_SECRET)
    if (!andForget || (await stop())) tell(words.gone())
    focusLater('connection-appId')
  }
  return (
    <Card
      id="connection-card"
      title={words.title()}
      aside={
        <Badge id="connection-state" tone={current ? 'good' : 'neutral'}>
          {current ? words.loggedIn({ appId: current.appId }) : words.loggedOut()}
        </Badge>
      }
    >
      <form
        data-testid="connection-form"
        noValidate
        autocomplete="off"
        onSubmit={(event) => {
          if (folded) return event.preventDefault()
          submit(event, form, task, async (values, abort) => {
            const info = clientInfo(values)
            const options = { allowInsecureHttp: insecure(values), sharing: sharing.peek() }
            const former = connection.peek()
            const { appId, address } = await connect(info, options, abort)
            // What another application or platform has listed is none of this one's.
            if (former && (former.appId !== appId || former.address !== address)) leave()
            changing.value = false
            form.fill(NO_SECRET)
            focusLater('connection-change')
            return words.done({ appId: info.appId })
          })
        }}
      >
        {current && <Summary current={current} hidden={!folded} />}
        <div class="stack" hidden={folded}>
          <ConnectionFields />
        </div>
        <Share />
        <div class="actions">
          {!folded && (
            <>
              <Action task={task} id="login" primary>
                {words.login()}
              </Action>
              {simulator.value && (
                <button
                  type="button"
                  data-testid="preset-simulator"
                  title={words.simulatorHint()}
                  onClick={() => {
                    form.fill(SIMULATOR)
                    focusLater('login')
                  }}
                >
                  {words.simulator()}
                </button>
              )}
            </>
          )}
          {current && (
            <button
              type="button"
              data-testid="connection-change"
              onClick={() => {
                changing.value = !changing.value
                form.fill(NO_SECRET)
                if (changing.value) focusLater('connection-appId')
              }}
            >
              {folded ? words.change() : words.back()}
            </button>
          )}
          {current && (
            <button type="button" data-testid="disconnect" onClick={() => void quit(false)}>
              {words.disconnect()}
            </button>
          )}
          {current && kept.value && (
            <button
              type="button"
              title={words.forgetHint()}
              data-testid="disconnect-forget"
              onClick={() => void quit(true)}
            >
              {words.forget()}
            </button>
          )}
        </div>
      </form>
      <Failure task={task} />
    </Card>
  )
}

function Summary({ current, hidden }: { current: Connection; hidden: boolean }) {
  return (
    <dl class="facts" hidden={hidden}>
      <div>
        <dt>{words.address()}</dt>
        <dd class="mono" data-testid="connection-address">
          {current.address}
        </dd>
      </div>
    </dl>
  )
}
