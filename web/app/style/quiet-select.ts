import { css } from 'lit'

/** A choice in the bar: there when it is looked for. */
export const quietSelect = css`
  select {
    min-height: var(--control-small);
    padding-inline: 0.375rem 1.5rem;
    background-position:
      right 0.4375rem center,
      right 0.75rem center;
    border: 1px solid transparent;
    border-radius: var(--radius);
    background-color: var(--paper);
    color: var(--soft);
    font-size: 0.8125rem;
    cursor: pointer;
    /* As narrow as the word that is chosen, where the browser can. */
    field-sizing: content;
  }
`
