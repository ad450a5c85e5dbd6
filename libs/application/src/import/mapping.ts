import type { MappingConfig } from '#libs/contracts';
import { expressionOf, type ImportExpression } from './expression-of.js';

type Expressions = readonly (readonly [string, ImportExpression])[];

/** A consent that rows state. */
export interface ConsentMapping {
  readonly channel: ImportExpression;
  readonly purpose: ImportExpression;
  readonly status: ImportExpression;
  readonly basis?: ImportExpression;
  readonly proof?: ImportExpression;
  readonly at?: ImportExpression;
}

/** A mapping ready to run. */
export interface CompiledMapping {
  readonly id: string;
  readonly source: string;
  readonly currency: string | null;
  readonly zone: string | null;
  readonly isHistorical: boolean;
  readonly groupBy: string | null;
  readonly withinRows: number;
  readonly skip: readonly { readonly when: ImportExpression; readonly reason: string }[];
  readonly event: {
    readonly name: ImportExpression;
    readonly id: ImportExpression;
    readonly properties: Expressions;
  } | null;
  readonly at: ImportExpression | null;
  readonly identity: Expressions;
  readonly traits: Expressions;
  readonly account: { readonly identity: Expressions; readonly traits: Expressions } | null;
  readonly consents: readonly ConsentMapping[];
  /** Columns of lines that expressions reckon with: numbers in what is kept, where they are some. */
  readonly numbers: ReadonlySet<string>;
  /** Columns that became the event's id, time, people or traits: lines do not repeat them. */
  readonly absorbed: ReadonlySet<string>;
}

function expressions(given: Readonly<Record<string, string>>): Expressions {
  return Object.entries(given).map(([name, source]) => [name, expressionOf(source)] as const);
}

const CELLS = /\brow\.([A-Za-z_][A-Za-z0-9_]*)/g;
const LINE_CELLS = /\bline\.([A-Za-z_][A-Za-z0-9_]*)/g;

function columnsIn(sources: readonly string[], cells: RegExp): string[] {
  return sources.flatMap((source) => [...source.matchAll(cells)].map((match) => match[1] ?? ''));
}

function eventOf(event: MappingConfig['event']): CompiledMapping['event'] {
  if (event === undefined) return null;
  return {
    name: expressionOf(event.name),
    id: expressionOf(event.id),
    properties: expressions(event.properties),
  };
}

function accountOf(account: MappingConfig['account']): CompiledMapping['account'] {
  if (account === undefined) return null;
  return { identity: expressions(account.identity), traits: expressions(account.traits) };
}

/** Columns that became the event's id, time, people or traits. */
function absorbedBy(config: MappingConfig): ReadonlySet<string> {
  const { event, traits, rows } = config;
  const told = [
    ...Object.values({ ...config.identity, ...event?.identity }),
    ...Object.values(traits),
    ...[event?.id, event?.at ?? config.at].filter((source) => source !== undefined),
  ];
  return new Set([...columnsIn(told, CELLS), ...(rows === undefined ? [] : [rows.group_by])]);
}

/** Compiles a mapping; throws `MappingError` where an expression is none. */
export function compileMapping(config: MappingConfig): CompiledMapping {
  const { event, traits, rows } = config;
  const at = event?.at ?? config.at;
  return {
    id: config.mapping,
    source: config.source,
    currency: config.currency ?? null,
    zone: config.from.timezone ?? null,
    isHistorical: config.historical,
    groupBy: rows?.group_by ?? null,
    withinRows: rows?.within_rows ?? 0,
    skip: config.skip.map(({ when, reason }) => ({ when: expressionOf(when), reason })),
    event: eventOf(event),
    at: at === undefined ? null : expressionOf(at),
    identity: expressions({ ...config.identity, ...event?.identity }),
    traits: expressions(traits),
    account: accountOf(config.account),
    consents: config.consents.map(consentMapping),
    numbers: new Set(columnsIn(Object.values(event?.properties ?? {}), LINE_CELLS)),
    absorbed: absorbedBy(config),
  };
}

function consentMapping(given: MappingConfig['consents'][number]): ConsentMapping {
  const { channel, purpose, status, basis, proof, at } = given;
  return {
    channel: expressionOf(channel),
    purpose: expressionOf(purpose),
    status: expressionOf(status),
    ...(basis === undefined ? {} : { basis: expressionOf(basis) }),
    ...(proof === undefined ? {} : { proof: expressionOf(proof) }),
    ...(at === undefined ? {} : { at: expressionOf(at) }),
  };
}
