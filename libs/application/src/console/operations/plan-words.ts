import type { ApiResponse } from '#libs/contracts';
import type { Locale } from '#libs/kernel';
import type { MigrationProgress, NotMoved } from '../../runtime/migration-jobs.js';
import type { ChangedValue, Difference } from '../../workspace/scenario-diff.js';
import type { Fate, ScenarioPlan } from '../../workspace/scenario-plan.js';
import { counted, PEOPLE, quoted, say, spanText, type Bilingual } from '../words/text.js';

type MigrationView = ApiResponse<'publishings'>['migrations'][number];
type ScenarioView = NonNullable<ApiResponse<'planWorkspace'>['changes'][number]['scenario']>;

/** Letters of a hash that are shown: enough to tell the versions of one workspace apart. */
const HASH_SHOWN = 12;

const REASONS: Readonly<Record<NotMoved, Bilingual>> = {
  pinned: { fr: 'on_change: pin', en: 'on_change: pin' },
  ended: { fr: 'déjà finie', en: 'over already' },
  not_entered: { fr: 'pas encore commencée', en: 'not begun yet' },
  unmapped_step: {
    fr: 'l’étape n’existe plus et « redirects » ne la mène nulle part',
    en: 'the step is gone and “redirects” leads it nowhere',
  },
  unfit_step: {
    fr: 'l’étape attend autre chose dans la nouvelle version',
    en: 'the step waits for something else in the new version',
  },
  unknown_version: { fr: 'version inconnue', en: 'unknown version' },
};

const STATES: Readonly<Record<MigrationProgress['state'], Bilingual>> = {
  running: { fr: 'en cours', en: 'under way' },
  done: { fr: 'terminé', en: 'done' },
  stopped: { fr: 'arrêté par une version plus récente', en: 'stopped by a newer version' },
};

/** How far people of older versions were moved, in words. */
export function migrationView(progress: MigrationProgress, locale: Locale): MigrationView {
  const { scenario, definition, state, moved, left } = progress;
  const refused = Object.entries(progress.refused).flatMap(([reason, people]) => {
    const why = REASONS[reason as NotMoved][locale];
    const sentence = `${counted(people, locale, PEOPLE)}${say(locale, ' :', ':')} ${why}`;
    return [{ reason, people, sentence }];
  });
  const to = `${quoted(scenario, locale)} → ${shownHash(definition)}`;
  const figures = say(
    locale,
    `${moved} déplacées, ${sumOf(refused)} refusées, ${left} à voir`,
    `${moved} moved, ${sumOf(refused)} refused, ${left} left`,
  );
  return {
    ...progress,
    refused,
    sentence: `${to}${say(locale, ' :', ':')} ${figures} (${STATES[state][locale]})`,
  };
}

const sumOf = (rows: readonly { readonly people: number }[]): number =>
  rows.reduce((total, { people }) => total + people, 0);

function shownHash(hash: string): string {
  return hash.slice(0, HASH_SHOWN);
}

/** The plan of a scenario as the API gives it, each line with its sentence. */
export function scenarioPlanView(
  plan: ScenarioPlan,
  versions: {
    readonly from: string | null;
    readonly to: string | null;
    readonly onChange: 'pin' | 'migrate';
  },
  locale: Locale,
): ScenarioView {
  return {
    ...versions,
    differences: plan.differences.map((difference) => ({
      kind: difference.kind,
      step: 'stepId' in difference ? difference.stepId : null,
      to: difference.kind === 'step_moved' ? difference.to : null,
      path: 'value' in difference ? difference.value.path : null,
      before: 'value' in difference ? difference.value.before : null,
      after: 'value' in difference ? difference.value.after : null,
      sentence: differenceText(difference, locale),
    })),
    inFlight: plan.inFlight.map((fate) => ({
      definition: fate.definition,
      step: fate.stepId,
      people: fate.people,
      fate: fate.fate,
      to: fate.to,
      reason: fate.reason,
      sentence: fateText(fate, locale),
    })),
  };
}

function differenceText(difference: Difference, locale: Locale): string {
  const step = 'stepId' in difference ? quoted(difference.stepId, locale) : '';
  switch (difference.kind) {
    case 'step_added':
      return say(locale, `+ étape ${step}`, `+ step ${step}`);
    case 'step_removed':
      return say(locale, `− étape ${step}`, `− step ${step}`);
    case 'step_moved': {
      const to = quoted(difference.to, locale);
      return say(
        locale,
        `étape ${step} : s’appelle maintenant ${to}`,
        `step ${step}: is now called ${to}`,
      );
    }
    case 'step_changed': {
      const text = valueText(difference.value, locale);
      return say(locale, `étape ${step}, ${text}`, `step ${step}, ${text}`);
    }
    case 'head_changed':
      return valueText(difference.value, locale);
  }
}

/** Names as they are written in the file, where they differ from those of a compiled version. */
const WRITTEN: Readonly<Record<string, string>> = {
  holdoutShare: 'holdout',
  maxAgeMs: 'limits.max_age',
  onChange: 'on_change',
  exits: 'exit',
};

function valueText({ path, before, after }: ChangedValue, locale: Locale): string {
  const isSpan = path.endsWith('Ms');
  const shown = (value: string | null): string => {
    if (value === null) return '∅';
    return isSpan ? spanText(Number(value), locale) : value;
  };
  // Where the file has them: beside `on_change`, not below it.
  const written = path
    .replace(/^onChange\.kind$/, 'onChange')
    .replace(/^onChange\.(?=redirects)/, '');
  const name = written
    .split('.')
    .map((part) => WRITTEN[part] ?? part.replace(/Ms$/, '').replace(/[A-Z]/g, underscored))
    .join('.');
  return `${name}${say(locale, ' :', ':')} ${shown(before)} → ${shown(after)}`;
}

const underscored = (letter: string): string => `_${letter.toLowerCase()}`;

function fateText({ definition, stepId, people, fate, to, reason }: Fate, locale: Locale): string {
  const who = counted(people, locale, PEOPLE);
  const version = shownHash(definition);
  const where =
    stepId === ''
      ? say(locale, `au groupe témoin de ${version}`, `in the holdout of ${version}`)
      : say(
          locale,
          `à ${quoted(stepId, locale)} de ${version}`,
          `on ${quoted(stepId, locale)} of ${version}`,
        );
  const colon = say(locale, ' :', ':');
  if (fate === 'moved') {
    const target = to === '' || to === stepId ? '' : ` → ${quoted(to ?? '', locale)}`;
    return `${who} ${where}${colon} ${say(locale, 'à déplacer', 'to be moved')}${target}`;
  }
  const why = reason === null || reason === 'pinned' ? '' : ` (${REASONS[reason][locale]})`;
  return fate === 'kept'
    ? `${who} ${where}${colon} ${say(locale, 'y finissent', 'finish there')}${why}`
    : `${who} ${where}${colon} ${say(locale, 'ne peuvent être déplacées', 'cannot be moved')}${why}`;
}
