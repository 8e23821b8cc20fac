import { css } from 'lit'

/** What the rooms on the theory have in common. */
export const styles = css`
  section h2 {
    margin-bottom: 0.5rem;
    font-size: 1.25rem;
  }

  .note {
    max-width: 42rem;
    margin-top: 0.5rem;
  }

  aside {
    display: grid;
    gap: 1.25rem;
    align-content: start;
  }

  /* Beneath the pictures of a tablet. */
  @container (min-width: 38rem) and (max-width: 56.99rem) {
    aside {
      grid-template-columns: 1fr 1fr;
      column-gap: 2rem;
      align-items: start;
    }
  }

  @container (min-width: 57rem) {
    .room {
      grid-template-columns: minmax(0, 1fr) 15rem;
      align-items: start;
    }
  }
`
