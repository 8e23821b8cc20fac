/** VP9 at level 5.2, which is large enough for any picture of this page; as WebCodecs name it. */
export const webmCodec = 'vp09.00.52.08'
