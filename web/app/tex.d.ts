/** MathML, typeset at build time by math/plugin.ts. */
declare module '*.tex' {
  const markup: string
  export default markup
}
