export const share = {
  label: 'Share',
  copied: 'The link is copied. It opens what you see now.',
  byHand: (link: string) => `This is the link to what you see now: ${link}`,
  own: 'Your own picture stays on your device: others see a sample in its place.',
}
