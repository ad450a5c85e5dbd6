import type { LocalText } from '#libs/kernel';

/** One kind of problem; `{name}` in a text is filled in from the problem's parameters. */
export interface CatalogueEntry {
  readonly severity: 'error' | 'warning';
  readonly message: LocalText;
  readonly hint: LocalText;
}

type Texts = Omit<CatalogueEntry, 'severity'>;

/** A problem that keeps a workspace from being published. */
export function error(texts: Texts): CatalogueEntry {
  return { severity: 'error', ...texts };
}

/** A problem worth a look. */
export function warning(texts: Texts): CatalogueEntry {
  return { severity: 'warning', ...texts };
}
