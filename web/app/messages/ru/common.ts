import type { Messages } from '../index.ts'
import type { common as english } from '../en/common.ts'

export const common: Pick<Messages, keyof typeof english> = {
  locale: 'ru',

  title: 'DDPM в браузере',
  titleShort: 'DDPM',
  titleOf: (room) => `${room} · DDPM в браузере`,
  skip: 'Сразу к изображениям',
  nav: 'Разделы',
  next: 'Далее',
  language: 'Язык',
  theme: { label: 'Оформление', auto: 'Авто', light: 'Светлое', dark: 'Тёмное' },
  footer:
    'Всё на этой странице вычисляет на вашем устройстве программа на Go, скомпилированная в WebAssembly. Ваши изображения никуда не отправляются.',
  paper: 'Ho, Jain, Abbeel. Denoising Diffusion Probabilistic Models (2020)',
  licences: 'Лицензии использованного',
  build: (stamp) => `Сборка ${stamp}`,
  fonts: 'Шрифты Inter и Source Serif, лицензия Open Font Licence',
  dismiss: 'Закрыть',
  retry: 'Повторить',

  units: {
    million: (n) => `${n}\u00a0млн`,
    seconds: (n) => `${n} с`,
    minutes: (m, s) => `${m} мин ${s} с`,
  },

  faults: {
    title: 'Ссылка годится не целиком',
    unknown: (f) => `Параметр «${f.key}» здесь ничего не значит и пропущен.`,
    used: (f) => `«${f.key}=${f.given}» не подходит (нужно: ${f.wanted}); взято ${f.used || 'обычное значение'}.`,
    wanted: {
      branch: 't одного из шагов, после которого пути разводит шум (eta больше 0) или класс',
      classes: 'список вроде 0-9 или 1,4,7 из классов сети либо none',
    },
    model: (given, used) =>
      `Ссылка относится к сети ${given}, которой на этой странице нет. Сеть ${used} нарисует другие изображения.`,
  },

  errors: {
    titles: {
      unsupported: 'В этом браузере вычисления невозможны',
      missing: 'Часть страницы не загрузилась',
      corrupt: 'Часть страницы загрузилась с повреждениями',
      invalid: 'Вычислительное ядро отвергло запрос',
      crashed: 'Вычислительное ядро неожиданно остановилось',
    },
    hints: {
      unsupported:
        'технология WebAssembly отсутствует или отключена. Она есть в современных версиях Firefox, Chrome, Edge и Safari.',
      missing: 'возможно, нет соединения или загрузку что-то блокирует. Повторите попытку, когда связь восстановится.',
      corrupt: 'возможно, загрузка оборвалась. При повторной попытке файл будет загружен заново.',
      invalid: 'измените настройки и повторите попытку.',
      crashed:
        'оно уже запущено заново, и больше ничего не потеряно. Повторите попытку; может помочь изображение поменьше или меньшее их число.',
    },
    subjects: {
      engine: 'Вычислительное ядро',
      model: 'Веса сети',
      recipe: 'Настройки',
      picture: 'Изображение',
      schedule: 'Расписание',
      worker: 'Вычислительное ядро',
    },
    detail: 'Подробности',
  },
}
