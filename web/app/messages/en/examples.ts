export const examples = {
  heading: 'The picture x₀',
  yours: 'Your picture',
  number: (n: string) => `Picture ${n}`,
  share: (name: string, percent: string) => `${name}: ${percent} likely to be what x_t was made of`,
  own: 'Draw one, or take one of yours',
  file: 'From a file',
  fileNote: (side: string) =>
    `Its middle square, made ${side} × ${side}. It stays on your device, so a link cannot carry it.`,
  drawing: 'The network draws a few pictures to begin with…',
  sigma: 'Variance of p_θ',
  sigmas: { beta_tilde: 'σ² = β̃', beta: 'σ² = β' },
  step: 'Step t',
  stepText: (t: string, T: string, left: string) => `t = ${t} of ${T}, ${left} of the picture’s amplitude left`,
  told: 'Tell the network the class',
}
