import {
  profileSettings,
  type CompiledWorkspace,
  type ProfileSettings,
  type PublishedWorkspace,
} from '#libs/application';
import {
  compileEmailTemplate,
  compileTextTemplate,
  type TemplateInForce,
} from '#libs/channel-email';
import { normalisePhone } from '#libs/channel-sms';
import type { ZonedCalendar } from '#libs/policy';
import { prepareTaskText } from './task-text.js';

/** What this process makes of a published workspace: compiled once, used for every person. */
export interface PreparedWorkspace {
  readonly profile: ProfileSettings;
  readonly emailTemplates: ReadonlyMap<string, TemplateInForce>;
  /** By `action/treatment`. */
  readonly smsTemplates: ReadonlyMap<string, TemplateInForce>;
}

/** Compiles templates, profile rules and segments; what lint let through compiles here. */
export async function prepareWorkspace(
  published: Pick<PublishedWorkspace, 'compiled'>,
  calendar: ZonedCalendar,
): Promise<PreparedWorkspace> {
  const { compiled } = published;
  for (const text of taskTexts(compiled)) await prepareTaskText(text);
  return {
    profile: profileSettings(compiled, calendar, normalisePhone),
    emailTemplates: await emailTemplates(compiled),
    smsTemplates: await smsTemplates(compiled),
  };
}

async function emailTemplates(
  compiled: CompiledWorkspace,
): Promise<ReadonlyMap<string, TemplateInForce>> {
  const templates = new Map<string, TemplateInForce>();
  for (const source of compiled.templates) {
    const template = await compileEmailTemplate({ id: source.id, locales: source.locales });
    if (!template.ok) continue;
    templates.set(source.id, { compiled: template.value, defaults: source.defaults });
  }
  return templates;
}

async function smsTemplates(
  compiled: CompiledWorkspace,
): Promise<ReadonlyMap<string, TemplateInForce>> {
  const templates = new Map<string, TemplateInForce>();
  for (const action of compiled.actions) {
    for (const treatment of action.treatments) {
      if (treatment.channel !== 'sms') continue;
      const id = `${action.id}/${treatment.id}`;
      const template = await compileTextTemplate({ id, locales: treatment.text });
      if (template.ok) templates.set(id, { compiled: template.value, defaults: {} });
    }
  }
  return templates;
}

/** Titles and notes of tasks, in every language, of steps and of treatments. */
function taskTexts(compiled: CompiledWorkspace): readonly string[] {
  const ofSteps = compiled.definitions.flatMap(({ steps }) =>
    Object.values(steps).flatMap((step) => (step.type === 'task' ? [step.title, step.note] : [])),
  );
  const ofTreatments = compiled.actions.flatMap(({ treatments }) =>
    treatments.flatMap((each) => (each.channel === 'task' ? [each.title, each.note] : [])),
  );
  return [...ofSteps, ...ofTreatments].flatMap((text) =>
    text === null ? [] : Object.values(text),
  );
}
