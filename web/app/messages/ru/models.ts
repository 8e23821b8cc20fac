import type { Messages } from '../index.ts'

export const models: Messages['models'] = {
  label: 'Сеть',
  names: { digits: 'Цифры', fashion: 'Одежда', avatars: 'Аватары', 'cifar-10': 'CIFAR-10' },
  colour: 'в цвете',
  megabytes: (n) => `${n} МБ`,
}
