export const save = {
  label: 'Save as',
  as: (kind: string) => `Save as ${kind}`,
  kinds: { png: 'PNG', gif: 'GIF', webm: 'WebM', csv: 'CSV' },
  writing: (kind: string, share: string) => `Writing ${kind}: ${share}`,
  cancel: 'Cancel',
  failed: (kind: string, why: string) => `The ${kind} file could not be written: ${why}`,
}
