import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
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

type Put = (over: DraftFile, isSeen: boolean) => Promise<DraftFile | null>;

/** What is saved of a file, and how more of it is. `now` holds what is written at this moment. */
function useSaved(opened: DraftFile, now: RefObject<string>) {
  const { locale } = useLocale();
  const [file, setFile] = useState(opened);
  const [isSaving, setSaving] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const last = useRef(opened);
  const under = useRef<Promise<DraftFile | null>>(null);
  const take = useCallback((saved: DraftFile) => {
    last.current = saved;
    setFile(saved);
  }, []);
  const put: Put = useCallback(
    async (over, isSeen) => {
      setSaving(true);
      try {
        // Not the hash of what is published where that was not looked at: the draft stays behind.
        const publishedHash = over.isBehind && !isSeen ? null : (over.published?.hash ?? null);
        const body = { path: over.path, text: now.current, hash: over.hash, publishedHash };
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
    [locale, now, take],
  );
  const save = useCallback(async (): Promise<DraftFile | null> => {
    // One at a time: each is saved over the one before it.
    await under.current;
    const { text } = last.current;
    if (text === null || text === now.current) return last.current;
    under.current = put(last.current, false);
    return await under.current;
  }, [now, put]);
  return { file, isSaving, error, take, put, save };
}

/** Saves what is left when the page is. */
function useLastSave(save: () => Promise<unknown>, isAllowed: boolean): void {
  const latest = useRef({ save, isAllowed });
  useEffect(() => {
    latest.current = { save, isAllowed };
  });
  useEffect(
    () => () => {
      if (latest.current.isAllowed) void latest.current.save();
    },
    [],
  );
}

/** Keeps a file and saves it as a draft a moment after each change. */
export function useEditing(opened: DraftFile, isAllowed: boolean): Editing {
  const { locale } = useLocale();
  const [text, setShown] = useState(opened.text ?? '');
  const now = useRef(text);
  const { file, isSaving, error, take, put, save } = useSaved(opened, now);
  const setText = useCallback((written: string) => {
    now.current = written;
    setShown(written);
  }, []);
  const isSaved = text === file.text || file.text === null;
  const maySave = isAllowed && error === null;
  useEffect(() => {
    if (!maySave || isSaved) return undefined;
    const timer = setTimeout(() => void save(), SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [maySave, isSaved, save, text]);
  useLastSave(save, maySave);
  return useMemo(() => {
    const fresh = () => call(locale, 'draftFile', { query: { path: opened.path } });
    const keepMine = async (): Promise<void> => void (await put(await fresh(), true));
    const reload = async (): Promise<void> => take(await fresh());
    return { text, file, isSaving, isSaved, error, setText, save, keepMine, reload };
  }, [locale, opened.path, text, file, isSaving, isSaved, error, setText, save, put, take]);
}
