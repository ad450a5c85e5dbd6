import {
  createEvaluate,
  profileRules,
  type ProfileSettings,
  type PublishedWorkspace,
} from '#libs/application';
import { normalisePhone } from '#libs/channel-sms';
import type { ZonedCalendar } from '#libs/policy';
import { compileMetrics } from '#libs/profile';
import { compileSegments } from '#libs/segment';
import { assert } from '#libs/kernel';

/** What the published workspace means to whoever reads profiles. */
export function profileSettingsOf(
  { compiled }: Pick<PublishedWorkspace, 'compiled'>,
  calendar: ZonedCalendar,
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
      localDay: (atMs) => calendar.localDay(atMs, timezone),
      dayStartMs: (day) => calendar.dayStartMs(day, timezone),
      isZone: (name) => calendar.isZone(name),
    },
    normalisePhone: (text) => {
      const phone = normalisePhone(text, country);
      return phone.ok ? phone.value : null;
    },
  };
}
