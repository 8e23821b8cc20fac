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

    ddpm-tiles + .quiet {
      margin-top: 0.75rem;
      max-width: 44rem;
    }
  `,
]
