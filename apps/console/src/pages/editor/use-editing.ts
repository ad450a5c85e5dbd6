import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ApiResponse } from '#libs/contracts';
import { call, type ApiError } from '../../api/client.js';
import { useLocale } from '../../i18n/locale.js';

/** A file of the draft as the API gives it. */
export type DraftFile = ApiResponse<'draftFile'>;
/** A problem of the workspace. */
export type Problem = ApiResponse<'lintDraft'>['problems'][number];

const SAVE_AFTER_MS = 700;
const CHECK_AFTER_MS = 350;

/** What is known of problems, and of which text. */
export interface Checked {
  readonly text: string;
  readonly problems: readonly Problem[];
  readonly isPublishable: boolean;
}

/** Checks a text a moment after it was last changed; null until it was checked once. */
export function useLint(path: string, text: string, isAllowed: boolean): Checked | null {
  const { locale } = useLocale();
  const [checked, setChecked] = useState<Checked | null>(null);
  useEffect(() => {
    if (!isAllowed) return undefined;
    const abort = new AbortController();
    const check = async (): Promise<void> => {
      const body = { file: { path, text } };
      const found = await call(locale, 'lintDraft', { body, signal: abort.signal });
      setChecked({ text, problems: found.problems, isPublishable: found.isPublishable });
    };
    const timer = setTimeout(() => {
      // What cannot be checked now is checked at the next change, and again on publishing.
      check().catch(() => undefined);
    }, CHECK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [path, text, locale, isAllowed]);
  return checked;
}

/** A file being edited: its text here, and what is saved of it. */
export interface Editing {
  readonly text: string;
  readonly file: DraftFile;
  readonly isSaving: boolean;
  readonly isSaved: boolean;
  /** Why it could not be saved; nothing is saved by itself until it is cleared. */
  readonly error: ApiError | null;
  readonly setText: (text: string) => void;
  /** Saves what is not saved; answers the file, or null where that was refused. */
  readonly save: () => Promise<DraftFile | null>;
  /** Puts this text over whatever is saved and published by now. */
  readonly keepMine: () => Promise<void>;
  /** After publishing: what is saved now. */
  readonly reload: () => Promise<void>;
}

/** Keeps a file and saves it as a draft a moment after each change. */
export function useEditing(opened: DraftFile, isAllowed: boolean): Editing {
  const { locale } = useLocale();
  const [text, setText] = useState(opened.text ?? '');
  const [file, setFile] = useState(opened);
  const [isSaving, setSaving] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const now = useRef({ text, file });
  const under = useRef<Promise<DraftFile | null>>(null);
  now.current.text = text;

  const take = useCallback((saved: DraftFile) => {
    now.current.file = saved;
    setFile(saved);
  }, []);
  const put = useCallback(
    async (over: DraftFile, isSeen: boolean): Promise<DraftFile | null> => {
      const { text: written } = now.current;
      setSaving(true);
      try {
        const publishedHash = over.isBehind && !isSeen ? null : (over.published?.hash ?? null);
        const body = { path: over.path, text: written, hash: over.hash, publishedHash };
        const saved = await call(locale, 'saveDraft', { body });
        take(saved);
        setError(null);
        return saved;
      } catch (thrown) {
        setError(thrown as ApiError);
        return null;
      } finally {
        setSaving(false);
      }
    },
    [locale, take],
  );
  const save = useCallback(async (): Promise<DraftFile | null> => {
    // One at a time: each is saved over the one before it.
    await under.current;
    const { text: written, file: last } = now.current;
    if (written === last.text || last.text === null) return last;
    under.current = put(last, false);
    return await under.current;
  }, [put]);
  const fresh = useCallback(
    async () => await call(locale, 'draftFile', { query: { path: opened.path } }),
    [locale, opened.path],
  );

  const isSaved = text === file.text || file.text === null;
  useEffect(() => {
    if (!isAllowed || isSaved || error !== null) return undefined;
    const timer = setTimeout(() => void save(), SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isAllowed, isSaved, error, save, text]);
  // Whoever leaves the page leaves nothing behind.
  const leaving = useRef(save);
  leaving.current = save;
  const mayLeave = useRef(isAllowed);
  mayLeave.current = isAllowed && error === null;
  useEffect(
    () => () => {
      if (mayLeave.current) void leaving.current();
    },
    [],
  );

  return useMemo(
    () => ({
      text,
      file,
      isSaving,
      isSaved,
      error,
      setText,
      save,
      keepMine: async () => void (await put(await fresh(), true)),
      reload: async () => take(await fresh()),
    }),
    [text, file, isSaving, isSaved, error, save, put, fresh, take],
  );
}
