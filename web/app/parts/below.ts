import { css, LitElement } from 'lit'
import { Room } from './room.ts'
import { turn } from './turns.ts'

/**
 * An element of a room that stands below what is looked at first. It is rendered in a task of its own when the room is
 * there, and laid out when it is nearly in sight; until then it takes `--about` of height. Its words can be found and
 * are read aloud all the same.
 */
export abstract class Below extends LitElement {
  static belowStyles = css`
    :host {
      content-visibility: auto;
      contain-intrinsic-block-size: auto var(--about);
      /* Sliders stand out by half a thumb. */
      overflow-clip-margin: 1rem;
    }

    :host([early]) {
      content-visibility: hidden;
    }
  `

  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) {
      this.toggleAttribute('early', true)
      const root = this.getRootNode()
      if (root instanceof ShadowRoot && root.host instanceof Room) await root.host.arrived
      await turn()
      void turn().then(() => this.toggleAttribute('early', false))
    }
    await super.scheduleUpdate()
  }
}
