import { css } from 'lit'

export const styles = [
  css`
    .pictures {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: clamp(0.5rem, 2vw, 1.5rem);
      margin-bottom: 1rem;
    }

    .stage:not(.both) .pictures {
      grid-template-columns: minmax(0, 30rem);
      justify-content: center;
    }

    ddpm-panel {
      min-width: 0;
    }

    @container (min-width: 57rem) {
      /* Two pictures, their numbers and the slider fit one screen together. */
      .room {
        grid-template-columns: minmax(0, max(34rem, calc((100dvh - 31rem) * 2))) minmax(clamp(16rem, 24vw, 22rem), 1fr);
        align-items: start;
      }

      ddpm-side {
        max-width: 28rem;
      }
    }

    /* Without settings beside them too. */
    :host([hide*='controls']) .stage {
      width: 100%;
      max-width: max(34rem, calc((100dvh - 22rem) * 2));
    }

    ddpm-chain,
    ddpm-curves {
      margin-top: calc(var(--step) * 2.5);
      padding-top: calc(var(--step) * 1.75);
      border-top: 1px solid var(--line);
    }

    ddpm-save {
      margin-top: 0.75rem;
    }

    .over {
      position: fixed;
      inset: 0;
      z-index: 2;
      display: grid;
      place-items: center;
      border: 3px dashed var(--ink);
      background: color-mix(in oklab, var(--paper) 85%, transparent);
      pointer-events: none;
    }

    .over p {
      font: 400 2rem/1.2 var(--serif);
    }
  `,
]
