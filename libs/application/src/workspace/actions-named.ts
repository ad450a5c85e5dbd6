import type { CheckedFile, DocumentPath } from '#libs/contracts';

/** Where a scenario names an action: to choose from, or to deliver. */
export interface ActionNamed {
  readonly action: string;
  readonly path: DocumentPath;
}

/** Every action a scenario's steps name, at any depth, in order of the file. */
export function actionsNamed(file: CheckedFile<'scenario'>): readonly ActionNamed[] {
  return namedIn(file.value.steps, ['steps']);
}

function namedIn(value: unknown, path: DocumentPath): readonly ActionNamed[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const below = [...path, Array.isArray(value) ? Number(key) : key];
    if (key === 'decide') {
      const { actions = [] } = inner as { actions?: readonly string[] };
      return actions.map((action, index) => ({ action, path: [...below, 'actions', index] }));
    }
    const { action } = (key === 'deliver' ? inner : {}) as { action?: string };
    if (action !== undefined) return [{ action, path: [...below, 'action'] }];
    return namedIn(inner, below);
  });
}
