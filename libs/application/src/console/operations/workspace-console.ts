import type { ApiResponse } from '#libs/contracts';
import type { Locale, Problem } from '#libs/kernel';
import type { Tx, UnitOfWork } from '../../ports/transaction.js';
import type { CheckRule } from '../../workspace/check-rule.js';
import { lintWhole, type CheckTemplates } from '../../workspace/lint-whole.js';
import type { CompiledWorkspace } from '../../workspace/compiled.js';
import type { LintResult } from '../../workspace/lint-workspace.js';
import {
  planWorkspace,
  type PlannedKind,
  type WorkspaceChange,
} from '../../workspace/plan-workspace.js';
import { planScenario, type PeopleInPlaces } from '../../workspace/scenario-plan.js';
import type { StandingCount } from '../scenarios/ports.js';
import { counted, PEOPLE, quoted, say, type Bilingual } from '../words/text.js';
import { publishedOf, type ConsoleGround } from '../workspace-source.js';
import { migrationView, scenarioPlanView } from './plan-words.js';
import type { WorkspaceStore } from './ports.js';

/** A problem as the API gives it. */
type ProblemView = ApiResponse<'lintWorkspace'>['problems'][number];
type ChangeView = ApiResponse<'planWorkspace'>['changes'][number];

/** What to publish: files, or those of an earlier publishing by its number. */
export type WorkspaceContent =
  { readonly files: Readonly<Record<string, string>> } | { readonly version: number };

const SHOWN_PUBLISHINGS = 20;
const MOST_MIGRATIONS = 20;

type Standing = PeopleInPlaces & { readonly scenario: string };

/** What checking and publishing works with. */
export interface WorkspaceConsolePorts {
  readonly ground: ConsoleGround;
  readonly store: WorkspaceStore;
  readonly unitOfWork: UnitOfWork;
  readonly standing: () => Promise<readonly StandingCount[]>;
  readonly isSample: boolean;
  readonly checkTemplates: CheckTemplates;
  readonly checkRule: CheckRule;
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

  private async check(files: ReadonlyMap<string, string>): Promise<LintResult> {
    const { checkTemplates, checkRule } = this.ports;
    return await lintWhole(files, checkTemplates, [], checkRule);
  }

  async lint(files: Readonly<Record<string, string>>): Promise<ApiResponse<'lintWorkspace'>> {
    const { workspace, problems } = await this.check(new Map(Object.entries(files)));
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

  /** What publishing would change, and for whom; null where there is no such earlier publishing. */
  async plan(
    content: WorkspaceContent,
    locale: Locale,
  ): Promise<ApiResponse<'planWorkspace'> | null> {
    const files = await this.filesOf(content);
    if (files === null) return null;
    const { workspace, problems } = await this.check(files);
    if (workspace === undefined) {
      return { isPublishable: false, problems: problems.map(problemView), changes: [], people: 0 };
    }
    const planned = this.planned(workspace, await this.standing(), locale);
    const all = [...problems, ...planned.flatMap((each) => each.problems)];
    const changes = planned.map(({ view }) => view);
    return {
      isPublishable: all.every(({ severity }) => severity !== 'error'),
      problems: all.map(problemView),
      changes,
      people: changes.reduce((total, { people }) => total + people, 0),
    };
  }

  /** Who stands where; with every place of theirs where a version has branches side by side. */
  private async standing(): Promise<readonly Standing[]> {
    const definitions = publishedOf(this.ports.ground)?.definitions ?? [];
    const branching = new Map(
      definitions
        .filter(({ steps }) => Object.values(steps).some(({ type }) => type === 'parallel'))
        .map(({ hash, scenario }) => [hash as string, scenario]),
    );
    const [counts, places] = await Promise.all([
      this.ports.standing(),
      this.ports.store.places([...branching.keys()]),
    ]);
    return [
      ...counts.filter(({ definition }) => !branching.has(definition)),
      ...places.map(({ definition, stepIds, people }) => ({
        scenario: branching.get(definition) ?? '',
        definition,
        stepId: stepIds[0] ?? '',
        stepIds: stepIds.length === 0 ? [''] : stepIds,
        people,
      })),
    ];
  }

  private planned(
    workspace: CompiledWorkspace,
    standing: readonly Standing[],
    locale: Locale,
  ): readonly { readonly view: ChangeView; readonly problems: readonly Problem[] }[] {
    const published = publishedOf(this.ports.ground);
    const current = published?.compiled ?? null;
    const definitions = published?.definitions ?? [];
    return planWorkspace(current, workspace).map((change) => {
      const { scenario } = change;
      if (scenario === undefined) return { view: changeView(change, 0, locale), problems: [] };
      const own = standing.filter((one) => one.scenario === change.id);
      const to = workspace.definitions.find(({ hash }) => hash === scenario.to) ?? null;
      const plan = planScenario({
        scenario: change.id,
        from: definitions.find(({ hash }) => hash === scenario.from) ?? null,
        to,
        versions: definitions.filter((each) => each.scenario === change.id),
        standing: own,
      });
      const { from, onChange } = scenario;
      const versions = { from, to: scenario.to, onChange };
      const view = changeView(change, sum(own), locale);
      return {
        view: { ...view, scenario: scenarioPlanView(plan, versions, locale) },
        problems: plan.problems,
      };
    });
  }

  /** Publishes all or nothing; the problems where there are errors. */
  async apply(
    content: WorkspaceContent,
    by: {
      readonly author: string;
      readonly locale: Locale;
      /** Done in the same transaction, or nothing is published. */
      readonly alongside?: (
        tx: Tx,
        applied: { readonly seq: number; readonly isNew: boolean },
      ) => Promise<void>;
    },
  ): Promise<
    | { readonly applied: ApiResponse<'applyWorkspace'> }
    | { readonly problems: ProblemView[] }
    | { readonly isUnknown: true }
  > {
    const { ground, store, unitOfWork, isSample } = this.ports;
    const files = await this.filesOf(content);
    if (files === null) return { isUnknown: true };
    const { workspace, problems } = await this.check(files);
    if (workspace === undefined) return { problems: problems.map(problemView) };
    await ground.workspace.refresh();
    const planned = await this.plan({ files: Object.fromEntries(files) }, by.locale);
    if (planned === null || !planned.isPublishable) return { problems: planned?.problems ?? [] };
    const nowMs = ground.clock.nowMs();
    const { seq, isNew } = await unitOfWork.transaction(async (tx) => {
      const applied = await store.apply(tx, {
        files,
        compiled: workspace,
        author: by.author,
        nowMs,
        isSample,
        takesBackTo: 'version' in content ? content.version : null,
      });
      await by.alongside?.(tx, applied);
      return applied;
    });
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

  /** Every publishing, newest first, and how far people of older versions were moved. */
  async publishings(
    limit: number | undefined,
    locale: Locale,
  ): Promise<ApiResponse<'publishings'>> {
    const { store } = this.ports;
    const [rows, migrations] = await Promise.all([
      store.publishings(limit ?? SHOWN_PUBLISHINGS),
      store.migrations(MOST_MIGRATIONS),
    ]);
    return {
      items: rows.map(({ seq, ...row }, index) => ({
        version: seq,
        ...row,
        isInForce: index === 0,
      })),
      migrations: migrations.map((one) => migrationView(one, locale)),
    };
  }

  private async filesOf(content: WorkspaceContent): Promise<ReadonlyMap<string, string> | null> {
    if ('files' in content) return filesOf(content.files);
    const found = await this.ports.store.filesOf(content.version);
    return found === null ? null : filesOf(found);
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

function sum(rows: readonly PeopleInPlaces[]): number {
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

function changeView(change: WorkspaceChange, people: number, locale: Locale): ChangeView {
  const { kind, id, scenario } = change;
  const what = kind === id ? KINDS[kind][locale] : `${KINDS[kind][locale]} ${quoted(id, locale)}`;
  const isMoving = scenario?.onChange === 'migrate' && change.change === 'changed';
  const touched = people > 0 && !isMoving ? ` ${peopleSentence(people, locale)}` : '';
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
