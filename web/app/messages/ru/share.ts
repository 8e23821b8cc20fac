import type { Messages } from '../index.ts'

export const share: Messages['share'] = {
  label: 'Поделиться',
  copied: 'Ссылка скопирована. Она откроет то, что вы сейчас видите.',
  byHand: (link) => `Ссылка на то, что вы сейчас видите: ${link}`,
  own: 'Ваше изображение остаётся на вашем устройстве: другие увидят вместо него пример.',
}
