/** The checkpoints in weights/, listed at build time by state/weights-plugin.ts. */
declare module 'virtual:weights' {
  const weights: readonly import('./state/shipped.ts').Shipped[]
  export default weights
}
