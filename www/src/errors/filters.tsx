// The search box and what narrows the errors down.

import { say } from '../words.ts'
import { ACTIONS, actionLabel } from './actions.tsx'
import { type Question, entries } from './catalogue.ts'
import { PLATFORMS } from './entry.tsx'
import { ask, question } from './question.ts'

const words = say({
  search: ['Code or words', '错误码或关键词'],
  hint: [
    'The code first, then English words of the texts and operations. It stands in the page’s address, to be sent to others: type no secret here.',
    '优先匹配错误码，其次匹配说明与操作中的英文词。输入内容会出现在页面地址中以便分享：请勿输入敏感信息。',
  ],
  example: ['100611, offline, DeviceCredential…', '100611、offline、DeviceCredential…'],
  platform: ['Platform', '平台'],
  bothPlatforms: ['Both platforms', '两个平台'],
  operation: ['Operation', '操作'],
  allOperations: ['All operations', '所有操作'],
  action: ['What to do', '处理方式'],
  allActions: ['Anything', '全部'],
  retryable: ['May succeed later', '稍后可能成功'],
  either: ['Yes or no', '不限'],
  yes: ['Yes', '是'],
  no: ['No', '否'],
})

const platforms = Object.keys(PLATFORMS) as (keyof typeof PLATFORMS)[]

export function Filters() {
  const asked = question.value
  return (
    <form
      role="search"
      class="errors-filters"
      noValidate
      onSubmit={(event) => event.preventDefault()}
    >
      <div class="field errors-search">
        <label for="errors-search">{words.search()}</label>
        <input
          type="search"
          id="errors-search"
          data-testid="errors-search"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          placeholder={words.example()}
          aria-describedby="errors-search-hint"
          value={asked.search}
          onInput={(event) => ask({ search: event.currentTarget.value })}
        />
      </div>
      <Select name="platform" label={words.platform()} all={words.bothPlatforms()}>
        {platforms.map((platform) => (
          <option key={platform} value={platform}>
            {PLATFORMS[platform]()}
          </option>
        ))}
      </Select>
      <Select name="operation" label={words.operation()} all={words.allOperations()}>
        {platforms
          .filter((platform) => !asked.platform || platform === asked.platform)
          .map((platform) => (
            <optgroup key={platform} label={PLATFORMS[platform]()}>
              {operationsOf(platform).map((operation) => (
                <option key={operation} value={operation}>
                  {operation}
                </option>
              ))}
            </optgroup>
          ))}
      </Select>
      <Select name="action" label={words.action()} all={words.allActions()}>
        {ACTIONS.map((action) => (
          <option key={action} value={action}>
            {actionLabel(action)}
          </option>
        ))}
      </Select>
      <Select name="retryable" label={words.retryable()} all={words.either()}>
        <option value="yes">{words.yes()}</option>
        <option value="no">{words.no()}</option>
      </Select>
      <p class="hint errors-hint" id="errors-search-hint">
        {words.hint()}
      </p>
    </form>
  )
}

interface SelectProps {
  name: keyof Question
  label: string
  /** What it says when nothing is chosen. */
  all: string
  children: preact.ComponentChildren
}

function Select({ name, label, all, children }: SelectProps) {
  return (
    <div class="field">
      <label for={`errors-${name}`}>{label}</label>
      <select
        id={`errors-${name}`}
        data-testid={`errors-${name}`}
        value={question.value[name]}
        onChange={(event) => choose(name, event.currentTarget.value)}
      >
        <option value="">{all}</option>
        {children}
      </select>
    </div>
  )
}

/** An operation of the other platform would leave nothing to find. */
function choose(name: keyof Question, value: string): void {
  const { operation } = question.peek()
  const orphan =
    name === 'platform' &&
    value !== '' &&
    operation !== '' &&
    !operationsOf(value).includes(operation)
  ask({ [name]: value, ...(orphan && { operation: '' }) })
}

const known = new Map<string, readonly string[]>()

function operationsOf(platform: string): readonly string[] {
  const found =
    known.get(platform) ??
    [
      ...new Set(
        entries().flatMap((entry) => (entry.platform === platform ? entry.operations : [])),
      ),
    ].sort()
  known.set(platform, found)
  return found
}
