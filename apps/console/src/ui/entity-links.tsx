import type { ReactNode } from 'react';
import { useMe, type Me } from '../api/session.js';
import { TextLink } from './link.js';

interface EntityLinkProps {
  readonly id: string;
  readonly children: ReactNode;
  readonly fw?: number;
  readonly size?: 'xs' | 'sm';
  readonly underline?: 'always';
}

/** Roles whose pages these are not: they read the name, without a link that would refuse them. */
const CANNOT_OPEN = { person: ['analyst'], scenario: ['sales'] } as const satisfies Record<
  string,
  readonly Me['role'][]
>;

function useCanOpen(kind: keyof typeof CANNOT_OPEN): boolean {
  const { data } = useMe();
  return data !== undefined && !CANNOT_OPEN[kind].some((role) => role === data.role);
}

/** The name of a person, which opens their page. */
export function PersonLink({ id, children, ...look }: EntityLinkProps) {
  if (!useCanOpen('person')) return children;
  return (
    <TextLink to="/people/$id" params={{ id }} {...look}>
      {children}
    </TextLink>
  );
}

/** The name of a scenario, which opens its page. */
export function ScenarioLink({ id, children, ...look }: EntityLinkProps) {
  if (!useCanOpen('scenario')) return children;
  return (
    <TextLink to="/scenarios/$id" params={{ id }} {...look}>
      {children}
    </TextLink>
  );
}
