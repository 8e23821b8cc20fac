import { css, LitElement } from 'lit'
import { turn } from './turns.ts'

/**
 * An element that stands below what is looked at first. It is rendered in a task of its own, after the room's, and laid
 * out when it is nearly in sight; until then it takes `--about` of height. Its words can be found and are read aloud all
 * the same.
 */
export abstract class Below extends LitElement {
  static belowStyles = css`
    :host {
      content-visibility: auto;
      contain-intrinsic-block-size: auto var(--about);
      overflow-clip-margin: 0.5rem;
    }
  `

  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) await turn()
    await super.scheduleUpdate()
  }
}
