import type { CheckedFile } from '#libs/contracts';
import { actionsNamed } from './actions-named.js';
import type { ProblemList } from './problem-list.js';
import { suggestionFor } from './problem-list.js';
import { pathsOf } from './reads.js';
import type { WorkspaceScope } from './scope.js';
import { triggerOf } from './scenario-graph.js';
import type { ActionReads } from './world.js';

/**
 * Actions that read properties of an entry event which does not carry them: written for one way in,
 * and used after another. Only events that say what they carry are looked at.
 */
export function checkEntryReads(
  list: ProblemList,
  file: CheckedFile<'scenario'>,
  world: {
    readonly scope: WorkspaceScope;
    readonly actionReads: ReadonlyMap<string, ActionReads>;
  },
): void {
  const [event = ''] = triggerOf(file.value.entry).on;
  const type = world.scope.events.get(event);
  if (type?.owner === undefined) return;
  const known = Object.keys(type.fields);
  const told = new Set<string>();
  for (const { action, path } of actionsNamed(file)) {
    const reads = world.actionReads.get(action);
    if (reads === undefined || told.has(action)) continue;
    const missing = [...pathsOf(reads.compiled), ...reads.texts].find(
      ([root, field]) => root === 'entry' && field !== undefined && !known.includes(field),
    );
    if (missing === undefined) continue;
    told.add(action);
    const params = {
      action,
      path: missing.slice(0, 2).join('.'),
      event,
      suggestion: suggestionFor(missing[1] ?? '', known),
    };
    list.add('RLN-1249', file.document.placeOf(path), params);
  }
}
