// What MQTT 3.1.1 (section 4.7) allows as a topic; a broker ends the connection of whoever breaks it.

import { PageError } from '../ui/error-card.tsx'
import { say } from '../words.ts'

const words = say({
  filter: ['This is no topic filter', '主题过滤器有误'],
  topic: ['This is no topic', '主题有误'],
  empty: ['It has no characters.', '内容为空。'],
  long: ['It has more than 65,535 bytes.', '超过 65,535 字节。'],
  zero: ['It has a character that MQTT forbids.', '含有 MQTT 禁用的字符。'],
  wildcard: ['+ and # are for subscribing only.', '+ 和 # 只能用于订阅。'],
  plus: ['+ stands for a whole level: a/+/b.', '+ 必须占据整个层级：a/+/b。'],
  hash: ['# stands at the end, as a whole level: a/#.', '# 必须位于末尾并占据整个层级：a/#。'],
  remedy: ['Correct it. Nothing was sent.', '请更正。尚未发送任何内容。'],
})

const MOST_BYTES = 65_535

export function checkFilter(filter: string): void {
  const levels = filter.split('/')
  const wrong =
    common(filter) ??
    (levels.some((level) => level.includes('+') && level !== '+') ? words.plus() : undefined) ??
    (levels.some((level, at) => level.includes('#') && (level !== '#' || at < levels.length - 1))
      ? words.hash()
      : undefined)
  if (wrong) throw new PageError({ title: words.filter(), meaning: wrong, remedy: words.remedy() })
}

export function checkTopic(topic: string): void {
  const wrong = common(topic) ?? (/[+#]/.test(topic) ? words.wildcard() : undefined)
  if (wrong) throw new PageError({ title: words.topic(), meaning: wrong, remedy: words.remedy() })
}

function common(text: string): string | undefined {
  if (text === '') return words.empty()
  if (text.includes('\0')) return words.zero()
  return new TextEncoder().encode(text).length > MOST_BYTES ? words.long() : undefined
}
