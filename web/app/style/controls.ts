import { css } from 'lit'

/** Buttons, fields and the range slider, drawn once for all rooms. */
export const controls = css`
  button,
  input,
  select {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
  }

  button {
    min-height: var(--control);
    padding: 0 1rem;
    border: 1px solid var(--edge);
    border-radius: var(--radius);
    background: transparent;
    font-size: 0.875rem;
    font-weight: 500;
    cursor: pointer;
  }

  button:hover:not(:disabled) {
    background: var(--fill);
  }

  button:disabled {
    cursor: default;
    color: var(--soft);
    border-color: var(--line);
  }

  button.main {
    border-color: var(--ink);
    background: var(--ink);
    color: var(--paper);
  }

  button.main:hover:not(:disabled) {
    background: color-mix(in oklab, var(--ink) 85%, var(--paper));
  }

  button.plain {
    border-color: transparent;
    padding: 0 0.5rem;
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.2em;
  }

  .label {
    display: block;
    margin-bottom: 0.375rem;
    font-size: 0.8125rem;
    font-weight: 500;
  }

  .field {
    width: 100%;
    min-height: var(--control);
    padding: 0 0.625rem;
    border: 1px solid var(--edge);
    border-radius: var(--radius);
    background-color: var(--raised);
    font-size: 0.9375rem;
    font-variant-numeric: tabular-nums;
  }

  /* With the same mark in every browser, but where the visitor has colours of their own. */
  @media not (forced-colors: active) {
    select {
      appearance: none;
      background-image:
        linear-gradient(to bottom right, var(--soft) 50%, transparent 51%),
        linear-gradient(to bottom left, var(--soft) 50%, transparent 51%);
      background-position:
        right 0.6875rem center,
        right 1rem center;
      background-size: 0.3125rem 0.3125rem;
      background-repeat: no-repeat;
    }
  }

  select.field {
    padding-inline-end: 1.75rem;
  }

  .field[aria-invalid='true'] {
    border-color: var(--fault);
  }

  .check {
    display: flex;
    gap: 0.625rem;
    align-items: center;
    min-height: var(--control);
    font-size: 0.9375rem;
    cursor: pointer;
  }

  .check input {
    flex: none;
    width: 1.125rem;
    height: 1.125rem;
    accent-color: var(--ink);
  }

  .segments {
    display: flex;
    flex-wrap: wrap;
    gap: 1px;
    padding: 2px;
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) + 2px);
    background: var(--fill);
  }

  .segments label {
    position: relative;
    flex: 1 1 auto;
    text-align: center;
    cursor: pointer;
  }

  .segments input {
    position: absolute;
    /* A finger may miss by the frame around the row. */
    inset: -3px 0;
    width: 100%;
    height: calc(100% + 6px);
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }

  .segments span {
    display: flex;
    align-items: center;
    justify-content: center;
    min-height: calc(var(--control) - 6px);
    padding: 0 0.4375rem;
    border-radius: var(--radius);
    color: var(--soft);
    font-size: 0.8125rem;
    font-weight: 500;
    white-space: nowrap;
  }

  .segments input:checked + span {
    background: var(--chosen);
    color: var(--ink);
    box-shadow: 0 0 0 1px var(--line);
  }

  @media (forced-colors: active) {
    .segments input:checked + span {
      outline: 2px solid;
      outline-offset: -3px;
    }
  }

  .segments input:focus-visible + span {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }

  input[type='file'] {
    max-width: 100%;
    color: var(--soft);
    font-size: 0.8125rem;
  }

  ::file-selector-button {
    min-height: var(--control-small);
    margin-inline-end: 0.75rem;
    padding: 0 0.75rem;
    border: 1px solid var(--edge);
    border-radius: var(--radius);
    background: transparent;
    color: var(--ink);
    font: inherit;
    cursor: pointer;
  }

  input[type='range'] {
    --thumb: 1.5rem;
    appearance: none;
    display: block;
    width: 100%;
    height: 2.75rem;
    margin: 0;
    background: transparent;
    cursor: pointer;
    touch-action: pan-y;
  }

  input[type='range']:disabled {
    cursor: default;
    opacity: 0.45;
  }

  input[type='range']::-webkit-slider-runnable-track {
    height: 2px;
    border-radius: 1px;
    background: var(--edge);
  }

  input[type='range']::-moz-range-track {
    height: 2px;
    border-radius: 1px;
    background: var(--edge);
  }

  input[type='range']::-webkit-slider-thumb {
    appearance: none;
    width: var(--thumb);
    height: var(--thumb);
    margin-top: calc(1px - var(--thumb) / 2);
    border: 1px solid var(--paper);
    border-radius: 50%;
    background: var(--ink);
  }

  input[type='range']::-moz-range-thumb {
    width: var(--thumb);
    height: var(--thumb);
    border: 1px solid var(--paper);
    border-radius: 50%;
    background: var(--ink);
  }

  input[type='range']:focus-visible {
    outline-offset: -4px;
  }
`
