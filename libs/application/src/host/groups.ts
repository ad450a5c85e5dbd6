import type { Definition } from '#libs/scenario';
import type { Group } from '../runtime/ports.js';

/** Draws the group of somebody who enters: global first, then the scenario's; sticky by hash. */
export interface GroupDrawer {
  groupOf(definition: Definition, unit: string): Group;
}
