import { assert, type Result } from '#libs/kernel';
import type { ZonedCalendar } from '#libs/policy';
import { compileMetrics } from '#libs/profile';
import { compileSegments } from '#libs/segment';
import { createEvaluate } from '../expression/evaluate.js';
import type { CompiledWorkspace } from '../workspace/compiled.js';
import { profileRules } from './rules.js';
import type { ProfileSettings } from './settings.js';

/** The E.164 form of a number as people of that country (ISO 3166, two letters) write it. */
type NormalisePhoneOf = (text: string, country: string) => Result<string, unknown>;

/** What a published workspace means to whoever keeps or reads profiles. */
export function profileSettings(
  compiled: CompiledWorkspace,
  calendar: ZonedCalendar,
  normalisePhoneOf: NormalisePhoneOf,
): ProfileSettings {
  const { timezone, currency, country } = compiled.relance;
  const rules = profileRules(compiled.profile, { currency, evaluate: createEvaluate() });
  const segments = compileSegments(compiled.segments);
  assert(segments.ok, 'what lint let through compiles');
  return {
    rules,
    metrics: compileMetrics(rules),
    segments: segments.value,
    calendar: {
      isZone: (name) => calendar.isZone(name),
      localDay: (atMs) => calendar.localDay(atMs, timezone),
      dayStartMs: (day) => calendar.dayStartMs(day, timezone),
    },
    normalisePhone: (text) => {
      const phone = normalisePhoneOf(text, country);
      return phone.ok ? phone.value : null;
    },
  };
}
