import type { Place } from '#libs/kernel';
import type { ProfileConfig } from '#libs/contracts';
import { placedTexts } from './placed-texts.js';
import type { ProblemList } from './problem-list.js';
import type { WorkspaceFiles } from './read-files.js';
import { holesOf } from './template-holes.js';
import { placeInText } from './template-variables.js';

/**
 * Variables of messages that some people lack: without a default nothing is sent to them. Texts of
 * tasks are left out, since a task with a hole still reaches its rep.
 */
export function checkHoles(list: ProblemList, read: WorkspaceFiles): void {
  const traits = read.profile?.value.traits ?? {};
  for (const { value } of read.templates) {
    const defaults = Object.entries(value.variables).flatMap(([path, variable]) =>
      typeof variable === 'object' && variable.default !== undefined ? [path] : [],
    );
    for (const { source, path } of read.parts.get(value.template)?.values() ?? []) {
      const has = (name: string): boolean => defaults.includes(name) || isAddress(traits, name);
      checkText(list, source, { has, placeIn: (offset) => placeInText(path, source, offset) });
    }
  }
  for (const { source, channel, placeIn } of placedTexts(read)) {
    if (channel !== 'sms') continue;
    checkText(list, source, { has: (name) => isAddress(traits, name), placeIn });
  }
}

interface Text {
  /** Whether everybody who gets the message has the value. */
  readonly has: (path: string) => boolean;
  readonly placeIn: (offset: number) => Place;
}

function checkText(list: ProblemList, source: string, text: Text): void {
  const told = new Set<string>();
  for (const { path, offset } of holesOf(source)) {
    const [root] = path.split('.');
    // What an entry carries is told where the scenario is known.
    if (root === 'entry' || told.has(path) || text.has(path)) continue;
    told.add(path);
    const guarded = `{{#if ${path}}}{{${path}}}{{/if}}`;
    list.add('RLN-1411', text.placeIn(offset), { variable: path, guarded });
  }
}

/**
 * The address itself, which whoever is written to has; counts and sums exist for everybody. A trait
 * that is not known is told as such.
 */
function isAddress(traits: ProfileConfig['traits'], path: string): boolean {
  const [root, first = ''] = path.split('.');
  if (root !== 'profile') return false;
  const type = traits[first]?.type;
  return type === undefined || type === 'email' || type === 'phone';
}
