import { TROUBLES, type ApiBodyInput } from '#libs/contracts';
import { EXIT, misuse, type ExitCode } from '../cli-error.js';
import { listOption, textOption, type Command, type OptionSpec, type Run } from '../command.js';
import { EngineClient } from '../engine-client.js';
import { settings } from '../settings.js';

type Act = ApiBodyInput<'actOnEnrolments'>['act'];

const DRY: Readonly<Record<string, OptionSpec>> = {
  'dry-run': {
    type: 'boolean',
    meaning: { fr: 'dit qui serait touché, ne change rien', en: 'says who, and changes nothing' },
  },
};

const OF_ENROLMENTS: Readonly<Record<string, OptionSpec>> = {
  ...DRY,
  enrolment: {
    type: 'string',
    multiple: true,
    value: 'ID',
    meaning: { fr: 'ce parcours seul, répétable', en: 'this enrolment only, may be repeated' },
  },
  trouble: {
    type: 'string',
    value: 'WHICH',
    meaning: {
      fr: `ceux-là : ${TROUBLES.join(', ')}`,
      en: `those: ${TROUBLES.join(', ')}`,
    },
  },
  step: {
    type: 'string',
    value: 'STEP',
    meaning: { fr: 'à cette étape', en: 'on this step' },
  },
  reason: {
    type: 'string',
    value: 'CODE',
    meaning: { fr: 'de « failing » : cette cause', en: 'of "failing": this reason' },
  },
};

const ALL: Readonly<Record<string, OptionSpec>> = {
  all: { type: 'boolean', meaning: { fr: 'tout', en: 'everything' } },
};

/** Pauses or resumes everything, or a scenario. */
async function hold(run: Run, act: 'pause' | 'resume'): Promise<ExitCode> {
  const { args, options, terminal, locale } = run;
  const [scenario] = args;
  if ((scenario === undefined) !== (options['all'] === true)) {
    throw misuse(
      'Donnez un scénario, ou --all pour tout, pas les deux.',
      'Give a scenario, or --all for everything, not both.',
    );
  }
  const dryRun = options['dry-run'] === true;
  const body = { act, dryRun, ...(scenario === undefined ? {} : { scenario }) };
  const done = await EngineClient.open(settings(), locale).call('pause', { body });
  terminal.print(done.sentence);
  terminal.json(done);
  return EXIT.done;
}

/** Acts on enrolments: some by id, or those a filter names. */
async function actOn(run: Run, act: Act): Promise<ExitCode> {
  const { args, options, terminal, locale } = run;
  const ids = listOption(run, 'enrolment').map(String);
  const [scenario] = args;
  const trouble = textOption(run, 'trouble') ?? 'any';
  const wanted = TROUBLES.find((one) => one === trouble);
  if (wanted === undefined) {
    const known = TROUBLES.join(', ');
    throw misuse(`--trouble prend l’un de : ${known}.`, `--trouble takes one of: ${known}.`);
  }
  const step = textOption(run, 'step');
  const reason = textOption(run, 'reason');
  const filter = {
    trouble: wanted,
    ...(scenario === undefined ? {} : { scenario }),
    ...(step === undefined ? {} : { step }),
    ...(reason === undefined ? {} : { reason }),
  };
  const dryRun = options['dry-run'] === true;
  const body = { act, dryRun, ...(ids.length > 0 ? { ids } : { filter }) };
  const done = await EngineClient.open(settings(), locale).call('actOnEnrolments', { body });
  terminal.print(done.sentence);
  terminal.json(done);
  return EXIT.done;
}

const named = (run: Run): boolean =>
  ['enrolment', 'trouble', 'step', 'reason'].some((name) => run.options[name] !== undefined);

/** Holds everything, a scenario, or some enrolments. */
export const pause: Command = {
  usage: '[SCENARIO | --all]',
  about: {
    fr: 'Suspend tout, un scénario, ou des parcours : personne n’entre, aucune attente ne finit, aucun message ne part.',
    en: 'Pauses everything, a scenario, or some enrolments: nobody enters, no wait ends, no message leaves.',
  },
  example: 'relance pause --all',
  words: [0, 1],
  options: { ...ALL, ...OF_ENROLMENTS },
  run: (run) => (named(run) ? actOn(run, 'pause') : hold(run, 'pause')),
};

/** Lets go what was held. */
export const resume: Command = {
  usage: '[SCENARIO | --all]',
  about: {
    fr: 'Reprend ce qui était suspendu ; ce qui est échu repart comme son étape le dit (on_resume).',
    en: 'Resumes what was paused; what fell due goes on as its step says (on_resume).',
  },
  example: 'relance resume --all',
  words: [0, 1],
  options: { ...ALL, ...OF_ENROLMENTS },
  run: (run) => (named(run) ? actOn(run, 'resume') : hold(run, 'resume')),
};

/** Ends enrolments. */
export const stop: Command = {
  usage: '[SCENARIO]',
  about: {
    fr: 'Arrête pour de bon les parcours d’un scénario, ou certains ; leurs messages à partir ne partent plus.',
    en: 'Ends the enrolments of a scenario, or some of them, for good; their messages to go no longer do.',
  },
  example: 'relance stop abandoned-cart --dry-run',
  words: [0, 1],
  options: OF_ENROLMENTS,
  run: (run) => {
    if (run.args.length === 0 && !named(run)) {
      throw misuse(
        'Donnez un scénario, --enrolment ou --trouble.',
        'Give a scenario, --enrolment or --trouble.',
      );
    }
    return actOn(run, 'stop');
  },
};
