import { css } from 'lit'

/** What every shadow root of the page shares: type, controls, focus. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :host {
    display: block;
  }

  [hidden] {
    display: none !important;
  }

  h1,
  h2,
  h3,
  p,
  figure,
  fieldset,
  dl,
  dd {
    margin: 0;
    padding: 0;
    border: 0;
    min-inline-size: 0;
  }

  legend {
    padding: 0;
  }

  h1,
  h2 {
    font-family: var(--serif);
    font-weight: 400;
    letter-spacing: -0.012em;
    line-height: 1.15;
    text-wrap: balance;
  }

  .lead {
    display: var(--lead, block);
    max-width: 44rem;
    color: var(--soft);
    font: 400 1.0625rem/1.55 var(--serif);
    text-wrap: pretty;
  }

  sub {
    font-size: 0.72em;
    line-height: 0;
  }

  .quiet {
    color: var(--soft);
    font-size: 0.8125rem;
    line-height: 1.5;
  }

  .number {
    font-variant-numeric: tabular-nums;
  }

  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  a {
    color: inherit;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.2em;
  }

  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
    border-radius: 3px;
  }

  math {
    font-family: var(--math);
  }
`
