/** The networks to choose from, for every room that samples. */
export const models = {
  label: 'Network',
  names: { digits: 'Digits', fashion: 'Fashion', avatars: 'Avatars', 'cifar-10': 'CIFAR-10' } as Record<string, string>,
  colour: 'in colour',
  megabytes: (n: string) => `${n} MB`,
}
