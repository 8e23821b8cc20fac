import type { Messages } from '../index.ts'

export const save: Messages['save'] = {
  label: 'Скачать',
  as: (kind) => `Скачать ${kind}`,
  kinds: { png: 'PNG', gif: 'GIF', webm: 'WebM', csv: 'CSV' },
  writing: (kind, share) => `Запись ${kind}: ${share}`,
  cancel: 'Отменить',
  failed: (kind, why) => `Не удалось записать файл ${kind}: ${why}`,
}
