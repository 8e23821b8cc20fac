import { css } from 'lit'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'

export const styles = [
  base,
  controls,
  css`
    :host {
      display: grid;
      gap: 1.25rem;
    }

    .pair {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: 1rem;
      align-items: start;
    }

    .chips {
      display: flex;
      flex-wrap: wrap;
      gap: 0.375rem;
    }

    .chips label {
      flex: 1 1 auto;
    }

    .chips.digits {
      display: grid;
      grid-template-columns: repeat(5, minmax(0, 1fr));
      gap: 0.375rem;
    }

    .chips label {
      position: relative;
      cursor: pointer;
    }

    .chips.digits label:first-child,
    .chips.digits label:nth-child(n + 12) {
      grid-column: 1 / -1;
    }

    .chips input {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      margin: 0;
      opacity: 0;
      cursor: pointer;
    }

    .chips span {
      display: flex;
      align-items: center;
      justify-content: center;
      min-height: var(--control-small);
      padding: 0 0.25rem;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      font-size: 0.875rem;
      font-variant-numeric: tabular-nums;
    }

    .chips label:hover span {
      background: var(--fill);
    }

    .chips input:checked + span {
      border-color: var(--ink);
      background: var(--ink);
      color: var(--paper);
    }

    @media (forced-colors: active) {
      .chips input:checked + span {
        outline: 2px solid;
        outline-offset: -3px;
      }
    }

    .chips input:focus-visible + span {
      outline: 2px solid var(--focus);
      outline-offset: 2px;
    }

    .hint {
      margin-top: 0.375rem;
      color: var(--soft);
      font-size: 0.8125rem;
      line-height: 1.4;
    }

    .hint.wrong {
      color: var(--fault);
    }

    button.plain {
      min-height: calc(var(--control-small) - 0.25rem);
      margin-inline-start: -1px;
      padding: 0;
      color: var(--soft);
      font-weight: 400;
      font-size: 0.8125rem;
    }

    .eta {
      display: grid;
      grid-template-columns: auto 1fr auto;
      gap: 0.75rem;
      align-items: center;
    }

    .eta .label {
      margin: 0;
    }

    output {
      font-size: 0.875rem;
      font-variant-numeric: tabular-nums;
    }

    details[open] {
      display: grid;
      gap: 1rem;
    }

    summary {
      padding: calc((var(--control-small) - 1lh) / 2) 0;
      color: var(--soft);
      font-size: 0.875rem;
      cursor: pointer;
    }

    details fieldset,
    details > div,
    details .check {
      margin-top: 0.75rem;
    }

    /* Beneath the pictures of a tablet. */
    @container (min-width: 38rem) and (max-width: 56.99rem) {
      :host {
        display: block;
        columns: 2;
        column-gap: 2rem;
      }

      :host > * {
        break-inside: avoid;
        margin-bottom: 1.25rem;
      }
    }
  `,
]
