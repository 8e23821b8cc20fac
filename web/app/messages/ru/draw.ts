import type { Messages } from '../index.ts'

export const draw: Messages['draw'] = {
  sheet: 'Рисуйте здесь',
  keys: 'Рукой или с клавиатуры: стрелки двигают перо, пробел опускает и поднимает его.',
  place: (x, y, down) => `${x} слева, ${y} сверху, перо ${down ? 'опущено' : 'поднято'}`,
  colour: 'Цвет',
  undo: 'Отменить',
  clear: 'Очистить',
  size: (side) => `${side} × ${side} пикселей`,
}
