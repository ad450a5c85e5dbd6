import type { DocumentPath, SourceDocument } from '#libs/contracts';
import { suggestionFor, type ProblemList } from './problem-list.js';
import type { WorkspaceFiles } from './read-files.js';

/** Words of a `wait_until` or a quiet hour that stand for a zone and are none. */
const STANDS_FOR = ['profile', 'account', 'workspace'];

/** Zones and countries that do not exist: hours would be asked of nowhere, messages withheld. */
export function checkZones(list: ProblemList, read: WorkspaceFiles): void {
  const check = (document: SourceDocument, path: DocumentPath, zone: string): void => {
    if (STANDS_FOR.includes(zone) || isZone(zone)) return;
    const suggestion = suggestionFor(zone, Intl.supportedValuesOf('timeZone'));
    const hint = suggestion.en.startsWith('Did') ? { suggestion } : {};
    list.add('RLN-1317', document.placeOf(path), { zone, ...hint });
  };
  if (read.relance !== undefined) {
    const { document, value } = read.relance;
    check(document, ['timezone'], value.timezone);
    const { country } = value;
    if (!isCountry(country)) list.add('RLN-1321', document.placeOf(['country']), { country });
  }
  for (const [index, { zone }] of (read.policies?.value.quiet_hours ?? []).entries()) {
    if (read.policies !== undefined) {
      check(read.policies.document, ['quiet_hours', index, 'zone'], zone);
    }
  }
  for (const { value, document } of read.mappings) {
    const { timezone } = value.from;
    if (timezone !== undefined) check(document, ['from', 'timezone'], timezone);
  }
  for (const { value, document } of read.scenarios) {
    for (const { path, zone } of zonesIn(value.steps, ['steps'])) check(document, path, zone);
  }
}

/** Codes that group countries, or stand for none: nobody knows their holidays. */
const NO_COUNTRIES = ['ZZ', 'EU', 'EZ', 'UN', 'QO', 'XA', 'XB'];

/** Whether the code is the country's own; UK, which people write for GB, is only understood. */
function isCountry(code: string): boolean {
  const name = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' }).of(code);
  const isOwn = new Intl.Locale(`en-${code}`).region === code;
  return name !== undefined && isOwn && !NO_COUNTRIES.includes(code);
}

/** As the calendar that answers for the engine asks it. */
function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

interface ZoneAt {
  readonly path: DocumentPath;
  readonly zone: string;
}

/** The zones of `wait_until` steps, at any depth. */
function zonesIn(value: unknown, path: DocumentPath): readonly ZoneAt[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const below = [...path, Array.isArray(value) ? Number(key) : key];
    if (key !== 'wait_until') return zonesIn(inner, below);
    const { zone } = inner as { zone: string };
    return [{ path: [...below, 'zone'], zone }];
  });
}
