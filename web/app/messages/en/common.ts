import type { EngineErrorKind, EngineErrorSubject } from '../../../shared/errors.ts'

/** The words around the rooms. */
export const common = {
  locale: 'en',

  title: 'DDPM in the browser',
  titleShort: 'DDPM',
  titleOf: (room: string) => `${room} · DDPM in the browser`,
  skip: 'Skip to the pictures',
  nav: 'Rooms',
  next: 'Next',
  language: 'Language',
  theme: { label: 'Colours', auto: 'Auto', light: 'Light', dark: 'Dark' },
  footer:
    'Everything on this page is computed on your device by a Go program compiled to WebAssembly. Your pictures stay with you.',
  paper: 'Ho, Jain & Abbeel: Denoising Diffusion Probabilistic Models (2020)',
  licences: 'Licences of what is inside',
  build: (stamp: string) => `Build ${stamp}`,
  fonts: 'Inter and Source Serif, under the Open Font Licence',
  dismiss: 'Close',
  retry: 'Try again',

  units: {
    million: (n: string) => `${n} million`,
    seconds: (n: string) => `${n} s`,
    minutes: (m: string, s: string) => `${m} min ${s} s`,
  },

  faults: {
    title: 'Part of this link could not be used as it is',
    unknown: (f: { key: string }) => `“${f.key}” means nothing here and was left out.`,
    used: (f: { key: string; given: string; used: string; wanted: string }) =>
      `“${f.key}=${f.given}” is not valid (${f.wanted}); ${f.used || 'the usual value'} is used instead.`,
    wanted: {
      branch: 'a t of one of its steps, after which noise (eta above 0) or classes part the pictures',
      classes: 'a list like 0-9 or 1,4,7 of the network’s own, or none',
    },
    model: (given: string, used: string) =>
      `The link asks for the network ${given}, which this page does not have. With ${used} the pictures will be others.`,
  },

  errors: {
    titles: {
      unsupported: 'This browser cannot run the engine',
      missing: 'A part of the page did not arrive',
      corrupt: 'A part of the page arrived damaged',
      invalid: 'The engine refused that',
      crashed: 'The engine stopped unexpectedly',
    } satisfies Record<EngineErrorKind, string>,
    hints: {
      unsupported: 'WebAssembly is missing or switched off. A current Firefox, Chrome, Edge or Safari has it.',
      missing: 'The connection may be down, or something blocks it. Try again once it is back.',
      corrupt: 'The download may have been cut short. Trying again fetches it anew.',
      invalid: 'Change the settings and try again.',
      crashed:
        'A fresh one has taken its place, and nothing else was lost. Try again; a smaller picture or fewer at once may help.',
    } satisfies Record<EngineErrorKind, string>,
    subjects: {
      engine: 'The engine',
      model: 'The network’s weights',
      recipe: 'The settings',
      picture: 'The picture',
      schedule: 'The schedule',
      worker: 'The engine',
    } satisfies Record<EngineErrorSubject, string>,
    detail: 'Detail',
  },
}
