export const bound = {
  room: { name: 'Bound', invite: 'How many bits does the network need for this picture?' },
  heading: 'What the picture costs',
  lead: 'A model of pictures is as good as the number of bits it needs to write one down. That number cannot be had, but a bound on it can, one term for every step: how far the network’s answer is from the true step back. Here it is computed for the picture you choose.',
  start: 'Compute it',
  again: 'Compute it again',
  stop: 'Stop',
  progress: (rounds: string, of: string, terms: string) => `${rounds} of ${of} rounds, ${terms} terms`,
  done: (terms: string) => `${terms} terms evaluated`,
  method: (strata: string) =>
    `Each round draws one t from each of ${strata} strata of 2…\u2060T, with noise of its own, and L₀: unbiased for the whole chain. The error is that of the mean of the rounds.`,
  termsHeading: 'The terms, as they come in',
  axis: 'step t',
  terms: 'L_{t−1}, bits/dim',
  chart: (n: string, total: string) => `L_{t−1} over t, ${n} terms so far. ${total}`,
  chartTotal: (total: string) => `The bound is ${total} bits/dim.`,
  prior: 'L_T, the prior: what noise still knows of the picture',
  divergence: 'Σ L_{t−1}, the steps between',
  decoder: 'L₀, the decoder: the last step, down to whole bytes',
  total: 'The bound on −log p(x₀)',
  simple: 'L_{simple}, mean of ‖ε − ε̂‖² a number',
  bits: (x: string) => `${x} bits/dim`,
  regressionHeading: 'How a divergence becomes a regression',
  regressionLead: (t: string) =>
    `Both Gaussians have a fixed variance, so all that matters is how far their means are apart; and that is how far the guessed noise is from the noise. At t = ${t}:`,
  live: (kl: string, weight: string, squares: string, constant: string) =>
    `${kl} nats are ${weight} times ${squares}, plus ${constant}`,
  threeWays: (closed: string, general: string) =>
    `The same in closed form from the means: ${closed} nats; by the formula for any two Gaussians: ${general} nats. What they differ by is float32’s rounding.`,
  weightsHeading: 'Two ways of weighing',
  weightsNote:
    'The bound weighs the steps very unequally: those near t = 1, where everything is in the details, far more than the middle, and on a cosine schedule also the last few, whose β is almost 1. L_{simple} weighs all t alike, which gives up some bits for pictures that look better. Both are drawn relative to their median.',
  vlb: 'the bound’s weight',
  flat: 'L_{simple}’s weight',
  weightsAxis: 'relative weight',
  weightsChart: (t: string, weight: string) =>
    `Relative weights over t, logarithmic: the bound’s falls steeply from t = 1 to the middle, L_{simple}’s is 1 throughout. At t = ${t} the bound’s is ${weight}.`,
}
