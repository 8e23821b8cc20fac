import { css } from 'lit'
import { controls } from '../style/controls.ts'

export const styles = [
  controls,
  css`
    .acts {
      display: flex;
      align-items: center;
      gap: 0.5rem 1.25rem;
      min-height: 2.75rem;
    }

    .acts button {
      flex: none;
      min-width: 7.5rem;
    }

    .progress {
      font-size: 0.9375rem;
      line-height: 1.35;
    }

    /* As wide as it gets, so that it stands still. */
    .t {
      flex: none;
      min-width: 8.25rem;
      margin-inline-start: auto;
      font: 400 1.125rem/1 var(--serif);
      text-align: end;
    }

    ddpm-scrub {
      margin: 0.25rem -0.75rem 0.5rem;
    }

    .branch {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0 1rem;
      min-height: var(--control);
      margin-bottom: 0.5rem;
    }

    .branch button {
      margin-inline: -1px;
      padding-inline: 0;
    }

    figcaption strong {
      color: var(--ink);
      font-weight: 500;
    }

    .planes {
      display: grid;
      gap: 1.5rem clamp(1rem, 3vw, 2.5rem);
    }

    figcaption {
      display: flex;
      align-items: baseline;
      gap: 0.625rem;
      padding-top: 0.5rem;
      color: var(--soft);
      font-size: 0.8125rem;
    }

    figcaption ddpm-formula {
      color: var(--ink);
      overflow: visible;
    }

    .after {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0.5rem 1.25rem;
      margin: 1.25rem 0 1.5rem;
    }

    @container (max-width: 34rem) {
      .acts {
        flex-wrap: wrap;
      }

      .progress {
        order: 1;
        width: 100%;
        min-height: 2.7em;
      }
    }

    @container (min-width: 40rem) {
      .planes {
        grid-template-columns: 1fr 1fr;
      }
    }

    @container (min-width: 57rem) {
      .room {
        grid-template-columns: minmax(0, 1fr) 17rem;
        align-items: start;
      }

      /* What comes before the pictures where there is one column stands above the other settings where there are two. */
      .room:has(.controls + .stage) {
        grid-template-rows: auto 1fr;
        row-gap: 1.25rem;
      }

      .controls + .stage {
        grid-row: 1 / span 2;
        grid-column: 1;
      }
    }
  `,
]
