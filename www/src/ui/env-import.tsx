// Fills a form from `.env`-like text that is pasted, dropped or chosen as a file; the text is kept nowhere.

import { useSignal } from '@preact/signals'

import { say } from '../words.ts'
import './env-import.css'
import { readEnv } from './env.ts'

const words = say({
  open: ['Import settings from .env text', '从 .env 文本导入设置'],
  text: ['Text with NAME=value lines', '含 NAME=value 行的文本'],
  hint: [
    'Paste it, drop a file here or choose one. It is read at once and cleared, since it holds secrets.',
    '可粘贴、拖放或选择文件。文本含有敏感信息，读取后立即清除。',
  ],
  read: ['Read', '读取'],
  file: ['Choose a file', '选择文件'],
  known: ['Known names', '可识别的名称'],
  filled: ['Filled in: {names}', '已填入：{names}'],
  none: ['Nothing in it is known here.', '其中没有可识别的名称。'],
  unknown: ['Not known here: {names}', '此处无法识别：{names}'],
  nameless: [
    'Lines that are not told, since they may hold a secret: {count}',
    '因可能含有敏感信息而未显示的行：{count}',
  ],
  twice: [
    '{names} stand for the same field; the last one counts',
    '{names} 对应同一字段；以最后一个为准',
  ],
  line: ['Line {line}: {message}', '第 {line} 行：{message}'],
  tooLarge: [
    'The file is larger than 64 KB; nothing was read.',
    '文件超过 64 KB，未读取任何内容。',
  ],
  unreadable: ['The file could not be read.', '无法读取该文件。'],
})

const MOST_BYTES = 65_536

/** As settings are named; a token that was pasted on its own may end in `=` as well. */
const SETTING = /^(?:[A-Z][A-Z\d_]{0,63}|[a-z][a-z\d_.-]{0,63})$/

interface EnvImportProps<Name extends string> {
  /** What the ids of its parts begin with. */
  id: string
  /** The field that each name stands for; several names may stand for one. */
  names: Readonly<Record<string, Name>>
  /** The names in short, where they are many. */
  known?: string
  onRead(values: Partial<Record<Name, string>>): void
}

interface Outcome {
  tone: 'good' | 'bad'
  text: string
}

export function EnvImport<Name extends string>({ id, names, known, onRead }: EnvImportProps<Name>) {
  const outcome = useSignal<readonly Outcome[]>([])
  const take = (text: string) => {
    const { values, told } = sort(text, names)
    outcome.value = told
    if (Object.keys(values).length > 0) onRead(values)
  }
  const takeFile = async (file: File) => {
    try {
      if (file.size > MOST_BYTES) outcome.value = [{ tone: 'bad', text: words.tooLarge() }]
      else take(await file.text())
    } catch {
      outcome.value = [{ tone: 'bad', text: words.unreadable() }]
    }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    const [file] = event.dataTransfer?.files ?? []
    const text = event.dataTransfer?.getData('text') ?? ''
    if (file) void takeFile(file)
    else if (text) take(text)
  }
  return (
    <details
      class="env-import"
      data-testid={id}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      <summary data-testid={`${id}-open`}>{words.open()}</summary>
      <div class="field">
        <label for={`${id}-text`}>{words.text()}</label>
        <textarea
          id={`${id}-text`}
          data-testid={`${id}-text`}
          class="mono"
          rows={2}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-describedby={`${id}-hint`}
          onPaste={(event) => {
            const text = event.clipboardData?.getData('text') ?? ''
            event.preventDefault()
            event.currentTarget.value = ''
            take(text)
          }}
        />
        <p class="hint" id={`${id}-hint`}>
          {words.hint()}
        </p>
      </div>
      <div class="actions">
        <button
          type="button"
          class="small"
          data-testid={`${id}-read`}
          onClick={() => {
            const area = document.getElementById(`${id}-text`) as HTMLTextAreaElement
            const text = area.value
            area.value = ''
            take(text)
          }}
        >
          {words.read()}
        </button>
        <label class="file-button">
          <input
            type="file"
            data-testid={`${id}-file`}
            onChange={(event) => {
              const input = event.currentTarget
              const [file] = input.files ?? []
              if (file) void takeFile(file)
              // The same file may be chosen again after it was mended.
              input.value = ''
            }}
          />
          {words.file()}
        </label>
      </div>
      <div class="env-outcome" role="status" data-testid={`${id}-outcome`}>
        {outcome.value.map(({ tone, text }) => (
          <p key={text} class={tone}>
            {text}
          </p>
        ))}
      </div>
      <p class="hint">
        {words.known()}: <span class="mono">{known ?? Object.keys(names).join(', ')}</span>
      </p>
    </details>
  )
}

/** What the text says for each field, and what of it is told: names and lines, never a value. */
function sort<Name extends string>(text: string, names: Readonly<Record<string, Name>>) {
  const { values: read, problems } = readEnv(text)
  const values: Partial<Record<Name, string>> = {}
  const sources = new Map<Name, string[]>()
  const unknown: string[] = []
  let nameless = 0
  for (const [name, value] of read) {
    const field = Object.hasOwn(names, name) ? names[name] : undefined
    if (field === undefined) {
      if (SETTING.test(name) && !/^=*$/.test(value)) unknown.push(name)
      else nameless += 1
      continue
    }
    values[field] = value
    sources.set(field, [...(sources.get(field) ?? []), name])
  }
  const all = [...sources.values()]
  const known = all.flatMap((used) => used.slice(-1))
  const told: Outcome[] = [
    known.length > 0
      ? { tone: 'good', text: words.filled({ names: known.join(', ') }) }
      : { tone: 'bad', text: words.none() },
  ]
  const bad = (said: string) => told.push({ tone: 'bad', text: said })
  for (const used of all) if (used.length > 1) bad(words.twice({ names: used.join(', ') }))
  if (unknown.length > 0) bad(words.unknown({ names: unknown.join(', ') }))
  if (nameless > 0) bad(words.nameless({ count: nameless }))
  for (const { line, message } of problems) bad(words.line({ line, message }))
  return { values, told }
}
