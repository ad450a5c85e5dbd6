import type { ApiResponse } from '#libs/contracts';
import type { Locale, Problem } from '#libs/kernel';
import type { UnitOfWork } from '../../ports/transaction.js';
import { lintWhole, type CheckTemplates } from '../../workspace/lint-whole.js';
import {
  movedStepWarnings,
  planWorkspace,
  type PlannedKind,
  type WorkspaceChange,
} from '../../workspace/plan-workspace.js';
import type { StandingCount } from '../scenarios/ports.js';
import { counted, PEOPLE, quoted, say, type Bilingual } from '../words/text.js';
import { publishedOf, type ConsoleGround } from '../workspace-source.js';
import type { WorkspaceStore } from './ports.js';

/** A problem as the API gives it. */
type ProblemView = ApiResponse<'lintWorkspace'>['problems'][number];
type ChangeView = ApiResponse<'planWorkspace'>['changes'][number];

/** What checking and publishing works with. */
export interface WorkspaceConsolePorts {
  readonly ground: ConsoleGround;
  readonly store: WorkspaceStore;
  readonly unitOfWork: UnitOfWork;
  readonly standing: () => Promise<readonly StandingCount[]>;
  readonly isSample: boolean;
  readonly checkTemplates: CheckTemplates;
}

const KINDS: Readonly<Record<PlannedKind, Bilingual>> = {
  relance: { fr: 'Réglages généraux', en: 'General settings' },
  profile: { fr: 'Règles des profils', en: 'Profile rules' },
  policies: { fr: 'Politique de contact', en: 'Contact policy' },
  segment: { fr: 'Segment', en: 'Segment' },
  event: { fr: 'Évènement', en: 'Event' },
  action: { fr: 'Action', en: 'Action' },
  template: { fr: 'Modèle', en: 'Template' },
  scenario: { fr: 'Scénario', en: 'Scenario' },
  mapping: { fr: 'Correspondance', en: 'Mapping' },
  crm: { fr: 'Connecteur', en: 'Connector' },
};

const CHANGES: Readonly<Record<WorkspaceChange['change'], Bilingual>> = {
  added: { fr: 'nouveau', en: 'new' },
  changed: { fr: 'changé', en: 'changed' },
  removed: { fr: 'retiré', en: 'removed' },
};

/** Checks, plans and publishes workspaces, for the console and the command line alike. */
export class WorkspaceConsole {
  constructor(private readonly ports: WorkspaceConsolePorts) {}

  async lint(files: Readonly<Record<string, string>>): Promise<ApiResponse<'lintWorkspace'>> {
    const { workspace, problems } = await lintWhole(filesOf(files), this.ports.checkTemplates);
    return {
      isPublishable: workspace !== undefined,
      problems: problems.map(problemView),
      counts:
        workspace === undefined
          ? {}
          : {
              scenarios: workspace.definitions.length,
              actions: workspace.actions.length,
              segments: workspace.segments.length,
              templates: workspace.templates.length,
            },
    };
  }

  async plan(
    files: Readonly<Record<string, string>>,
    locale: Locale,
  ): Promise<ApiResponse<'planWorkspace'>> {
    const { workspace, problems } = await lintWhole(filesOf(files), this.ports.checkTemplates);
    if (workspace === undefined) {
      return { isPublishable: false, problems: problems.map(problemView), changes: [], people: 0 };
    }
    const current = publishedOf(this.ports.ground)?.compiled ?? null;
    const changes = planWorkspace(current, workspace);
    const standing = await this.ports.standing();
    const warnings = movedStepWarnings(changes, (scenario, stepId) =>
      sum(standing.filter((one) => one.scenario === scenario && one.stepId === stepId)),
    );
    const views = changes.map((change) => changeView(change, standing, locale));
    return {
      isPublishable: true,
      problems: [...problems, ...warnings].map(problemView),
      changes: views,
      people: views.reduce((total, { people }) => total + people, 0),
    };
  }

  /** Publishes all or nothing; the problems where there are errors. */
  async apply(
    files: Readonly<Record<string, string>>,
    by: { readonly author: string; readonly locale: Locale },
  ): Promise<
    { readonly applied: ApiResponse<'applyWorkspace'> } | { readonly problems: ProblemView[] }
  > {
    const { ground, store, unitOfWork, isSample } = this.ports;
    const { workspace, problems } = await lintWhole(filesOf(files), this.ports.checkTemplates);
    if (workspace === undefined) return { problems: problems.map(problemView) };
    await ground.workspace.refresh();
    const planned = await this.plan(files, by.locale);
    const nowMs = ground.clock.nowMs();
    const { seq, isNew } = await unitOfWork.transaction((tx) =>
      store.apply(tx, {
        files: filesOf(files),
        compiled: workspace,
        author: by.author,
        nowMs,
        isSample,
      }),
    );
    await ground.workspace.refresh();
    return {
      applied: {
        version: seq,
        hash: workspace.hash,
        isNew,
        changes: isNew ? planned.changes : [],
        problems: planned.problems,
      },
    };
  }

  /** Null before the first publishing. */
  async current(): Promise<ApiResponse<'workspace'> | null> {
    const found = await this.ports.store.latest();
    if (found === null) return null;
    const { seq, hash, author, appliedAtMs, files } = found;
    return { version: seq, hash, author, appliedAtMs, files };
  }
}

function filesOf(files: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(files));
}

function sum(rows: readonly StandingCount[]): number {
  return rows.reduce((total, { people }) => total + people, 0);
}

function problemView(problem: Problem): ProblemView {
  const { code, severity, message, hint, place } = problem;
  return {
    code,
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(place === undefined ? {} : { place }),
  };
}

function changeView(
  change: WorkspaceChange,
  standing: readonly StandingCount[],
  locale: Locale,
): ChangeView {
  const { kind, id, scenario } = change;
  const people = kind === 'scenario' ? sum(standing.filter((one) => one.scenario === id)) : 0;
  const what = kind === id ? KINDS[kind][locale] : `${KINDS[kind][locale]} ${quoted(id, locale)}`;
  const touched = people > 0 ? ` ${peopleSentence(people, locale)}` : '';
  const steps = [
    ...(scenario?.stepsAdded ?? []).map((step) => `+${step}`),
    ...(scenario?.stepsRemoved ?? []).map((step) => `−${step}`),
  ];
  const detail = steps.length === 0 || change.change !== 'changed' ? '' : ` (${steps.join(', ')})`;
  const colon = locale === 'fr' ? ' :' : ':';
  return {
    kind,
    id,
    change: change.change,
    people,
    sentence: `${what}${colon} ${CHANGES[change.change][locale]}${detail}.${touched}`,
  };
}

function peopleSentence(people: number, locale: Locale): string {
  const who = counted(people, locale, PEOPLE);
  return say(locale, `${who} y restent dans leur version.`, `${who} in it keep their version.`);
}
