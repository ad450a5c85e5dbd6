import type { Group } from '#libs/application';
import type { Definition } from '#libs/scenario';

/** Draws the group of somebody who enters: global first, then the scenario's; sticky by hash. */
export interface GroupDrawer {
  groupOf(definition: Definition, unit: string): Group;
}
