import { BufferTarget, Output, Quality, VideoSample, VideoSampleSource, WebMOutputFormat } from 'mediabunny'
import { webmCodec } from './codec.ts'
import type { Encoder, Frame } from './recorder.ts'

/** A WebM file, its frames encoded as VP9 by the browser. */
export class WebM implements Encoder {
  readonly #target = new BufferTarget()
  readonly #output = new Output({ format: new WebMOutputFormat(), target: this.#target })
  readonly #source = new VideoSampleSource({
    codec: 'vp9',
    fullCodecString: webmCodec,
    // Noise is what an encoder drops first, and here it is the subject.
    quality: new Quality('very-high'),
  })
  #seconds = 0

  async add({ width, height, data, milliseconds }: Frame): Promise<void> {
    if (this.#seconds === 0) {
      this.#output.addVideoTrack(this.#source)
      await this.#output.start()
    }
    const duration = milliseconds / 1000
    const sample = new VideoSample(data, {
      format: 'RGBX',
      codedWidth: width,
      codedHeight: height,
      timestamp: this.#seconds,
      duration,
    })
    await this.#source.add(sample)
    sample.close()
    this.#seconds += duration
  }

  async end(): Promise<ArrayBuffer> {
    await this.#output.finalize()
    if (!this.#target.buffer) throw new Error('webm: nothing was written')
    return this.#target.buffer
  }
}
