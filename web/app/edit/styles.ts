import { css } from 'lit'
import { styles as generate } from '../generate/styles.ts'

export const styles = [
  generate,
  css`
    ddpm-edit-picture {
      margin-bottom: 1.5rem;
    }

    ddpm-tiles {
      max-width: 36rem;
    }

    .inputs {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0.5rem;
      padding-bottom: 1rem;
    }

    .inputs button {
      min-height: var(--control-small);
      padding: 0 0.75rem;
      font-size: 0.8125rem;
    }

    ddpm-tiles + .quiet {
      margin-top: 0.75rem;
      max-width: 44rem;
    }
  `,
]
