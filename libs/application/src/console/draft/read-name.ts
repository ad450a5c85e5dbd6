import { readDocument, roleOf } from '#libs/contracts';
import type { Locale } from '#libs/kernel';

const ID = /^[\s{]*["']?scenario["']?\s*:\s*["']?([\w-]+)/m;
const NAME = /^name[ \t]*:[ \t]*(\{.*\})/m;

/** Id of the scenario that a file holds; null where it holds none. */
export function scenarioIdOf(path: string, text: string): string | null {
  const role = roleOf(path);
  if (role.role !== 'kind' || role.kind !== 'scenario') return null;
  return ID.exec(text)?.[1] ?? null;
}

/** Name of a scenario whose file may be half written; null where it cannot be read. */
export function nameOf(text: string, locale: Locale): string | null {
  const written = NAME.exec(text)?.[1];
  const read = written === undefined ? null : readDocument('name', written);
  if (read === null || !read.ok) return null;
  const names = read.value.value;
  if (typeof names !== 'object' || names === null || Array.isArray(names)) return null;
  const name = (names as Readonly<Record<string, unknown>>)[locale];
  return typeof name === 'string' ? name : null;
}
