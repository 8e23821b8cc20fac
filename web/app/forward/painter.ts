// The thread in which the sample pictures are painted: a quarter of a million pixels would hold up the page.

import { paint, type SampleName } from './paint.ts'

self.onmessage = ({ data: { name, size } }: MessageEvent<{ name: SampleName; size: number }>) => {
  const picture = paint(name, size)
  self.postMessage(picture, { transfer: [picture.data.buffer] })
}
