import type { Messages } from '../index.ts'

export const examples: Messages['examples'] = {
  heading: 'Изображение x₀',
  yours: 'Ваше изображение',
  number: (n) => `Изображение ${n}`,
  share: (name, percent) => `${name}: с вероятностью ${percent} именно из него получено x_t`,
  own: 'Нарисуйте своё или возьмите готовое',
  file: 'Из файла',
  fileNote: (side) =>
    `Берётся средний квадрат, уменьшенный до ${side} × ${side}. Он остаётся на вашем устройстве, поэтому в ссылку не попадёт.`,
  drawing: 'Для начала сеть рисует несколько изображений…',
  sigma: 'Дисперсия p_θ',
  sigmas: { beta_tilde: 'σ² = β̃', beta: 'σ² = β' },
  step: 'Шаг t',
  stepText: (t, T, left) => `t = ${t} из ${T}, осталось ${left} амплитуды изображения`,
  told: 'Сообщить сети класс',
}
