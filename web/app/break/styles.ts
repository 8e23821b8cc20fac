import { css } from 'lit'
import { styles as generate } from '../generate/styles.ts'

export const styles = [
  generate,
  css`
    .why {
      display: grid;
      gap: 1.25rem;
      margin: 1.5rem 0;
    }

    .why h2 {
      font-size: 1.25rem;
    }

    .why h3 {
      margin-bottom: 0.25rem;
      font: 600 0.9375rem/1.5 var(--sans);
    }

    .why p {
      max-width: 44rem;
      font: 400 1rem/1.55 var(--serif);
    }

    .why .look {
      margin-bottom: 0.5rem;
      font: 400 0.9375rem/1.5 var(--sans);
    }

    .why button {
      margin-inline-start: -1px;
      padding: 0;
      color: var(--soft);
    }

    .why ddpm-formula {
      margin-bottom: 0.25rem;
    }

    .controls {
      display: grid;
      gap: 1.25rem;
    }

    /* Beneath the pictures of a tablet. */
    @container (min-width: 38rem) and (max-width: 56.99rem) {
      .controls {
        grid-template-columns: 1fr 1fr;
        column-gap: 2rem;
        align-items: start;
      }
    }

    .mistakes {
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr));
      gap: 0 1.5rem;
    }

    .range {
      display: grid;
      grid-template-columns: 1fr auto;
      gap: 0.75rem;
      align-items: center;
    }

    .range .label {
      grid-column: 1 / -1;
      margin: 0;
    }

    .nothing {
      display: grid;
      place-items: center;
      min-height: 8rem;
      padding: 1rem;
      border: 1px dashed var(--line);
      border-radius: var(--radius);
      color: var(--soft);
      text-align: center;
    }
  `,
]
