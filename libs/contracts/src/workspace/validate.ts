import { fail, ok, type Problem, type Result } from '#libs/kernel';
import { KIND_SCHEMAS, type Kind, type KindValue } from './kinds.js';
import { problemsOfIssues } from './issues.js';
import { readDocument, type SourceDocument } from './yaml/document.js';

/** A file that has the shape of its kind. */
export interface CheckedFile<Name extends Kind> {
  readonly kind: Name;
  readonly document: SourceDocument;
  readonly value: KindValue<Name>;
}

/** Most problems told about one file; the rest comes up once these are solved. */
const MAX_PROBLEMS = 50;

/** Reads a file and checks its shape. Never throws, whatever the text. */
export function checkFile<Name extends Kind>(
  kind: Name,
  file: string,
  source: string,
): Result<CheckedFile<Name>, readonly Problem[]> {
  const document = readDocument(file, source);
  if (!document.ok) return document;
  const checked = KIND_SCHEMAS[kind].safeParse(document.value.value, { reportInput: true });
  if (checked.success) {
    return ok({ kind, document: document.value, value: checked.data as KindValue<Name> });
  }
  return fail(problemsOfIssues(kind, document.value, checked.error.issues).slice(0, MAX_PROBLEMS));
}
