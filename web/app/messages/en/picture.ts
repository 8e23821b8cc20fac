import type { PictureFaultKind } from '../../forward/decode.ts'

export const picture = {
  faults: {
    empty: (name: string) => `${name} is empty.`,
    type: (name: string) => `${name} is not a picture that this browser can read. JPEG, PNG, WebP and GIF files work.`,
    broken: (name: string, type: string) =>
      `${name} looks like a ${type} file, but it is damaged: it could not be decoded.`,
    large: (name: string) => `${name} has too many pixels for this device’s memory. A smaller copy will work.`,
  } satisfies Record<PictureFaultKind, unknown>,
  link: 'That was a link, not a picture file. Save the picture first, or copy and paste it: this page asks no other site for anything.',
  nothing: 'There was no picture in that. Copy a picture, or drop a JPEG, PNG, WebP or GIF file.',
  unnamed: 'The picture',
  kept: 'The picture from before is still here.',
}
