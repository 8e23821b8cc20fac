import { afterEach, expect, test } from 'vitest'
import { duration, figure, large, percent, whole } from '../parts/format.ts'
import { language, preferred, speak, text } from './index.ts'
import { plural } from './plural.ts'

afterEach(() => speak('en'))

test('the visitor’s first language that there is, is spoken', () => {
  expect(preferred(['de-DE', 'ru-RU', 'en'])).toBe('ru')
  expect(preferred(['de', 'en-GB', 'ru'])).toBe('en')
  expect(preferred(['de'])).toBe('en')
  expect(preferred([])).toBe('en')
})

test('a change of language changes the words and the numbers', async () => {
  await speak('ru')
  expect(language()).toBe('ru')
  expect(text.locale).toBe('ru')
  expect(text.retry).toBe('Повторить')
  expect(percent(0.0063)).toBe('0,6\u00a0%')
  expect(whole(912_033)).toBe('912\u00a0033')
  expect(figure(4.036e-5)).toBe('4,04 × 10⁻⁵')
  expect(duration(168_000)).toBe('2 мин 48 с')
  expect(large(1_250_000)).toBe('1,3\u00a0млн')
  await speak('en')
  expect(percent(0.0063)).toBe('0.6%')
})

test('in Russian a line ends neither after a word of one letter nor before a dash', async () => {
  await speak('ru')
  expect(text.generate.room.invite).toBe('А\u00a0теперь посмотрим, как сеть находит обратный путь')
  expect(text.generate.guidanceNote(true)).toBe('1\u00a0— цифра как она есть; чем больше, тем настойчивее.')
  expect(text.edit.source).toHaveLength(2)
})

test('a word takes the form that its number asks for', async () => {
  const steps = plural('ru', { one: 'шаг', few: 'шага', many: 'шагов', other: 'шага' })
  expect([1, 2, 5, 11, 21, 104].map(steps)).toEqual(['шаг', 'шага', 'шагов', 'шагов', 'шаг', 'шага'])
  expect(text.generate.done(1, '1', '2 s')).toBe('1 step in 2 s')
  await speak('ru')
  expect(text.generate.done(25, '25', '2 с')).toBe('25 шагов за 2 с')
})
