import { css } from 'lit'

/** A choice in the bar: there when it is looked for. */
export const quietSelect = css`
  select {
    min-height: var(--control-small);
    padding: 0 0.375rem;
    border: 1px solid transparent;
    border-radius: var(--radius);
    background: var(--paper);
    color: var(--soft);
    font-size: 0.8125rem;
    cursor: pointer;
    /* As narrow as the word that is chosen, where the browser can. */
    field-sizing: content;
  }
`
