/** The networks to choose from, for every room that samples. */
export const models = {
  label: 'Network',
  names: { digits: 'Digits', fashion: 'Fashion', avatars: 'Avatars', 'cifar-10': 'CIFAR-10' } as Record<string, string>,
  /** Classes by what the networks’ files call them; the file’s own word where it is not here. */
  classes: {} as Record<string, string>,
  megabytes: (n: string) => `${n} MB`,
}
