import { localised, type Locale } from '#libs/kernel';
import type { CrmConfig } from '#libs/contracts';
import type { PublishedWorkspace } from '../workspace/published.js';
import type { CommandType } from './ports.js';

/** What the exchange with CRMs reads of the published workspace. */
export interface CrmWorkspace {
  readonly connectors: readonly CrmConfig[];
  /** Language of what reps read: the workspace's first. */
  readonly locale: Locale;
  /** Zone of days in sentences and of dates in files. */
  readonly timezone: string;
  /** Name of a scenario in that language; its id where nobody knows it any more. */
  readonly campaignName: (scenario: string) => string;
}

/** The part of a published workspace that the exchange with CRMs reads. */
export function crmWorkspaceOf(published: PublishedWorkspace): CrmWorkspace {
  const { compiled, definitions } = published;
  const locale: Locale = compiled.relance.locales[0] === 'en' ? 'en' : 'fr';
  const names = new Map(
    [...definitions, ...compiled.definitions].map(
      ({ scenario, name }) => [scenario, localised(name, locale)] as const,
    ),
  );
  return {
    connectors: compiled.crm,
    locale,
    timezone: compiled.relance.timezone,
    campaignName: (scenario) => names.get(scenario) ?? scenario,
  };
}

const ADDRESS_NAMESPACES: ReadonlySet<string> = new Set(['email', 'phone', 'anonymous_id']);
const USUAL_NAMESPACES = ['customer_id', 'user_id'];

/**
 * Namespaces under which a CRM may know people, the best first: those its own contacts come with,
 * then the usual ones. Addresses are no keys: two people may share one.
 */
export function keyNamespaces(config: CrmConfig): readonly string[] {
  const own = Object.keys(config.pull.contacts?.identity ?? {});
  const certain = own.filter((ns) => !ADDRESS_NAMESPACES.has(ns));
  return [...new Set([...certain, ...USUAL_NAMESPACES])];
}

/** Whether the connector is told of this kind of command. */
export function isPushed(config: CrmConfig, type: CommandType): boolean {
  const pushed: readonly CommandType[] = config.push;
  return pushed.includes(type);
}
