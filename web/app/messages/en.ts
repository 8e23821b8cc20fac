import type { EngineErrorKind, EngineErrorSubject } from '../../shared/errors.ts'
import type { PictureFaultKind } from '../forward/decode.ts'

/** Every word of the page, in English. A second language is another object of this shape. */
export const en = {
  locale: 'en',

  title: 'DDPM in the browser',
  titleOf: (room: string) => `${room} · DDPM in the browser`,
  skip: 'Skip to the pictures',
  rooms: { nav: 'Rooms', forward: 'Forward', generate: 'Generate' },
  theme: { label: 'Colours', auto: 'Auto', light: 'Light', dark: 'Dark' },
  footer:
    'Everything on this page is computed on your device by a Go program compiled to WebAssembly. Your pictures stay with you.',
  paper: 'Ho, Jain & Abbeel: Denoising Diffusion Probabilistic Models (2020)',
  fonts: 'Inter and Source Serif, under the Open Font Licence',
  dismiss: 'Close',
  retry: 'Try again',

  forward: {
    heading: 'Into noise',
    lead: 'Diffusion takes a picture apart in small steps, each a little smaller and a little noisier. No need to walk them: any step t is one jump from the original.',
    formula: 'The jump, equation 4 of the paper',
    formulaNote:
      'The picture fades by the first factor while noise grows by the second. The squares of the two add up to one, so the whole keeps its strength.',
    pictures: 'The picture after t steps',
    linear: 'Linear',
    cosine: 'Cosine',
    both: 'Both',
    show: 'Schedule',
    slider: 'Step t',
    sliderText: (t: string, T: string, left: string) => `t = ${t} of ${T}, ${left} of the picture’s amplitude left`,
    sliderTextBoth: (t: string, T: string, linear: string, cosine: string) =>
      `t = ${t} of ${T}, of the picture’s amplitude ${linear} left with the linear schedule, ${cosine} with the cosine`,
    play: 'Play',
    pause: 'Pause',
    clean: 'the picture',
    pure: 'noise',
    signal: 'Signal left',
    snr: 'SNR',
    decibels: (db: string) => `${db} dB`,
    plot: (t: string, linear: string, cosine: string) =>
      `Signal left over t, from 1 to 0. At t = ${t} the linear schedule has ${linear}, the cosine ${cosine}.`,
    alt: (schedule: string, picture: string, t: string, left: string) =>
      `${picture}, noised with the ${schedule} schedule to t = ${t}: ${left} of its amplitude left`,
    picture: 'Picture',
    samples: { hills: 'Hills', spheres: 'Spheres', rings: 'Rings' },
    own: 'Your picture',
    choose: 'Choose a picture…',
    chooseNote: 'Or drop or paste one. It stays on your device.',
    drop: 'Drop it here',
    noise: 'Noise ε',
    noiseNote: (seed: string) => `Seed ${seed}. Held while you move t, and the same for both schedules.`,
    redraw: 'Draw again',
    named: (name: string) => name || 'Your picture',
    ownGone:
      'This link was made with a picture of the sender’s own. It never left their device, so here is a sample instead; choose your own to follow along.',
    next: 'Now watch a network find its way back',
  },

  picture: {
    faults: {
      empty: (name: string) => `${name} is empty.`,
      type: (name: string) =>
        `${name} is not a picture that this browser can read. JPEG, PNG, WebP and GIF files work.`,
      broken: (name: string, type: string) =>
        `${name} looks like a ${type} file, but it is damaged: it could not be decoded.`,
      large: (name: string) => `${name} has too many pixels for this device’s memory. A smaller copy will work.`,
    } satisfies Record<PictureFaultKind, unknown>,
    link: 'That was a link, not a picture file. Save the picture first, or copy and paste it: this page asks no other site for anything.',
    nothing: 'There was no picture in that. Copy a picture, or drop a JPEG, PNG, WebP or GIF file.',
    unnamed: 'The picture',
    kept: 'The picture from before is still here.',
  },

  generate: {
    heading: 'Out of noise',
    lead: 'A small network has learned to guess the noise in a picture. Start from nothing but noise, take away a little of the guess, and again: digits appear that nobody has written.',
    pictures: 'The generated pictures',
    classes: 'Digit',
    inTurn: 'All, in turn',
    anyClass: 'None: whatever comes',
    linkClasses: (text: string) => `As in the link: ${text}`,
    count: 'How many',
    steps: 'Steps',
    sampler: 'Sampler',
    samplers: { ddim: 'DDIM', ddpm: 'DDPM', dpmpp: 'DPM-Solver++', unipc: 'UniPC' },
    samplerNotes: {
      ddim: 'Few, large steps; with η = 0 no noise is added on the way.',
      ddpm: 'The paper’s own: fresh noise at every step.',
      dpmpp: 'Remembers the step before to take the next one straighter: good at 10 to 20 steps.',
      unipc: 'Remembers three steps, and corrects each once the next guess is there.',
    },
    eta: 'Fresh noise η',
    guidance: 'Guidance',
    guidanceNote: '1 asks for the digit plainly; more insists on it.',
    seed: 'Seed',
    newSeed: 'New seed',
    more: 'More settings',
    spacing: 'Which steps',
    spacings: { uniform: 'Evenly spread', quadratic: 'Denser at the end', logsnr: 'Even in log-SNR' },
    variance: 'Variance σ²',
    variances: { beta: 'β', beta_tilde: 'β̃' },
    clip: 'Keep x̂₀ within the range of pictures',
    start: 'Generate',
    cancel: 'Cancel',
    range: (wanted: string) => `From ${wanted.replace('–', ' to ')}`,
    idle: 'Nothing drawn yet.',
    loading: 'Loading the network…',
    starting: 'Starting…',
    first: 'First step',
    progress: (index: string, of: string) => `Step ${index} of ${of}`,
    left: (time: string) => `about ${time} left`,
    done: (of: string, time: string) => `${of} ${of === '1' ? 'step' : 'steps'} in ${time}`,
    cancelled: (index: string, of: string) => `Stopped at step ${index} of ${of}. What was done is kept.`,
    cancelledEarly: 'Stopped before the first step was done.',
    xHeading: 'after this step',
    x0Heading: 'where the network sees it going',
    scrub: 'Step of the run',
    scrubText: (index: string, of: string, t: string) => `Step ${index} of ${of}, t = ${t}`,
    anyTile: 'any digit',
    tileX0: (label: string) => `${label}, as predicted`,
    save: 'Save as PNG',
    about: {
      title: 'About this network',
      name: 'Name',
      hash: 'Its file’s hash',
      size: 'Size',
      parameters: (n: string) => `${n} parameters`,
      work: 'Work',
      multiplyAdds: (n: string) => `${n} multiplications for one guess at one picture`,
      prediction: 'Learned to guess',
      predictions: { eps: 'the noise ε', v: 'v, a mixture of noise and picture', x0: 'the picture x₀' } as Record<
        string,
        string
      >,
      schedule: 'Schedule',
      scheduleOf: (name: string, T: string) => `${name}, T = ${T}`,
      data: 'Trained on',
      seen: 'Pictures seen',
      hours: 'Hours of training',
      command: 'Trained by',
      terminal: 'The same pictures on the command line',
    },
  },

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
    model: (given: string, used: string) =>
      `The link asks for the network ${given}, which this page does not have. With ${used} the pictures will be others.`,
    classes: (given: string, used: string) =>
      `The network does not know the classes “${given}”; ${used} is used instead.`,
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

export type Messages = typeof en
