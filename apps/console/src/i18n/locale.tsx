import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';

/** Languages of the console; French first. */
export type Locale = 'fr' | 'en';

const STORED_AS = 'relance.locale';

interface LocaleChoice {
  readonly locale: Locale;
  readonly choose: (locale: Locale) => void;
}

const LocaleContext = createContext<LocaleChoice>({ locale: 'fr', choose: () => undefined });

const isLocale = (value: string | null): value is Locale => value === 'fr' || value === 'en';

/** What was chosen before, else the first language of the browser that we speak, else French. */
export function initialLocale(): Locale {
  const stored = localStorage.getItem(STORED_AS);
  if (isLocale(stored)) return stored;
  const spoken = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return spoken.find(isLocale) ?? 'fr';
}

/** Holds the language of all below it, and keeps a choice for the next visit. */
export function LocaleProvider({ children }: { readonly children: ReactNode }) {
  const [locale, setLocale] = useState(initialLocale);
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  const choice = useMemo(
    () => ({
      locale,
      choose: (chosen: Locale) => {
        localStorage.setItem(STORED_AS, chosen);
        setLocale(chosen);
      },
    }),
    [locale],
  );
  return <LocaleContext value={choice}>{children}</LocaleContext>;
}

/** The language of the page, and how to choose the other. */
export const useLocale = (): LocaleChoice => use(LocaleContext);
