import type { Mistake } from '../../../shared/engine.ts'

export const broken = {
  room: { name: 'Break it', invite: 'Now make the mistakes that everybody makes' },
  heading: 'Break it',
  lead: 'The sampler is a few lines long, and each of these mistakes leaves it running. What comes out tells which one was made. The algorithm runs twice from the same noise: as it should be, and with your mistakes.',
  choose: 'Mistakes',
  right: 'as it should be',
  wrong: 'with the mistake',
  wrongs: 'with the mistakes',
  none: 'Switch a mistake on to see what it does.',
  pictures: 'The right run and the wrong one',
  steps: 'Steps',
  again: 'Run both again',
  why: 'What to see, and why',
  alone: 'Show this one alone, where it is plain to see',
  plainest: 'Show it where it is plain to see',
  wrongTile: (label: string) => `${label}, with the mistakes`,
  mistakes: {
    range: {
      name: 'Pixels in [0, 1]',
      look: 'Black never settles: specks all over the background, and strokes that drown in them.',
      why: 'The network was trained on pictures from −1 to 1, but the code takes them to be from 0 to 1, clips its guesses to that and shows the result so. All that is darker than middle grey is cut off at every step, so the network sees pictures brighter than any it was trained on and answers as best it can.',
    },
    clip: {
      name: 'No clipping of x̂_0',
      look: 'Faces bleach, hats and hair burn to black: values beyond what a picture can show.',
      why: 'At large t the guess for the picture is a small difference divided by a small number: errors become large, and no picture has such values. Clipping takes them back at every step. A network that predicts v or the residual of x_0, as these do, hardly suffers in its usual settings; few steps and strong guidance bring it out. One that predicts ε suffers much more. And clipping hides other mistakes: switch this on together with √ᾱ_t.',
    },
    last: {
      name: 'Noise after the last step',
      look: 'The same pictures, with an even grain over all of them, on the background as much as on the strokes.',
      why: 'Each step but the last adds fresh noise. Algorithm 2 says z = 0 at t = 1; where that line is forgotten, the finished picture gets one more helping of it, and nothing takes it away again. With 1000 steps of the linear schedule that is σ_1 = 0.01 and hardly seen; the fewer the steps, the larger the last one.',
    },
    time: {
      name: 't off by one',
      look: 'Strokes that fray and double, and bright pixels around them which should have been taken away.',
      why: 'The network is asked about the step after this one, as when an index begins at 0 here and at 1 there. It believes the picture to be cleaner than it is and takes some of the noise for part of it, which hardens into specks and stray strokes. With 1000 steps the difference is so small that this mistake can live in a program for years.',
    },
    schedule: {
      name: 'The other schedule',
      look: 'Strokes in knots and pieces, hard and without greys, as of two digits at once.',
      why: 'The network was trained on one schedule of ᾱ_t and the sampler goes by the other, as when a default was left as it was. At every t there is another share of noise in the picture than the arithmetic believes, so it takes away the wrong amount.',
    },
    root: {
      name: 'ᾱ_t where √ᾱ_t belongs',
      look: 'All that is pale turns white and all that is dark turns black: faces and backgrounds lose their tones.',
      why: 'Amplitudes are square roots of ᾱ_t, variances are not. Dividing by ᾱ_t makes every guess for the picture too strong, by a hundred times at the start. Clipping saves what can be saved: shapes come out, decided too early and with few tones between. Digits, black and white to begin with, hardly show it.',
    },
  } satisfies Record<Mistake, { name: string; look: string; why: string }>,
}
