import { z } from 'zod';
import {
  applyResult,
  lintResult,
  planResult,
  workspaceFilePath,
  WORKSPACE_LIMITS,
} from './operations.js';
import { route } from './route.js';
import { done, epochMs, id } from './shared.js';

const EDITORS = ['marketer', 'admin'] as const;
const READERS = ['marketer', 'analyst', 'admin', 'machine'] as const;
const BODY_BYTES = 2 * WORKSPACE_LIMITS.fileBytes;

/** Most files that a draft holds. */
export const DRAFT_FILES = 200;

/** Scenarios that a person may start from. */
const STARTING_POINTS = ['abandoned-cart', 'welcome', 'win-back'] as const;

const hash = z.string().min(1).max(64);
const text = z.string().max(WORKSPACE_LIMITS.fileBytes);

/** A file of the draft, without its text. */
const draftEntry = z.object({
  path: workspaceFilePath,
  change: z.enum(['added', 'changed', 'removed']),
  /** Of its text as saved. */
  hash,
  /** What is published of this file changed since the draft was begun. */
  isBehind: z.boolean(),
  author: z.string(),
  updatedAtMs: epochMs,
  /** Id and name of the scenario that it holds, as far as they can be read. */
  scenario: z.object({ id: z.string(), name: z.string() }).nullable(),
});

/** `GET /api/draft`: what was changed in the console and is not published yet. */
const draft = z.object({
  files: z.array(draftEntry),
  /** Where what is in force came from: a folder (`relance apply`), or this console. */
  origin: z.enum(['folder', 'console']).nullable(),
  /** What a scenario may name, for completion. */
  names: z.object({
    actions: z.array(id),
    segments: z.array(id),
    events: z.array(id),
    purposes: z.array(id),
  }),
});

/** A file as the editor opens it: as drafted, else as published. */
const draftFile = z.object({
  path: workspaceFilePath,
  /** Exactly as written; null where the draft takes the file away. */
  text: z.string().nullable(),
  /** To be given back with the next change. */
  hash,
  isDraft: z.boolean(),
  isBehind: z.boolean(),
  author: z.string(),
  updatedAtMs: epochMs.nullable(),
  /** As in force; null where the file is new. */
  published: z.object({ text: z.string(), hash }).nullable(),
  origin: z.enum(['folder', 'console']).nullable(),
});

/** Files of the draft as they were looked at. */
const chosenFiles = z.strictObject({
  files: z
    .array(z.strictObject({ path: workspaceFilePath, hash }))
    .min(1)
    .max(DRAFT_FILES),
});

/** Routes of the draft: what is edited in the console, over what is published. */
export const draftRoutes = {
  draft: route({
    method: 'GET',
    path: '/api/draft',
    roles: READERS,
    summary: { fr: 'Fichiers du brouillon', en: 'Files of the draft' },
    response: draft,
  }),
  draftFile: route({
    method: 'GET',
    path: '/api/draft/file',
    roles: READERS,
    summary: { fr: 'Un fichier à modifier', en: 'A file to edit' },
    query: z.object({ path: workspaceFilePath }),
    response: draftFile,
  }),
  saveDraft: route({
    method: 'PUT',
    path: '/api/draft/file',
    roles: EDITORS,
    summary: { fr: 'Enregistrer un fichier du brouillon', en: 'Save a file of the draft' },
    body: z.strictObject({
      path: workspaceFilePath,
      /** Null takes the file away. */
      text: text.nullable(),
      /** `hash` of the file as it was opened or last saved; null where there was none. */
      hash: hash.nullable(),
      /** `published.hash` that the author has seen; null where it was not published. */
      publishedHash: hash.nullable(),
    }),
    response: draftFile,
    maxBodyBytes: BODY_BYTES,
  }),
  startDraft: route({
    method: 'POST',
    path: '/api/draft/scenarios',
    roles: EDITORS,
    summary: {
      fr: 'Commencer un scénario d’après un modèle',
      en: 'Start a scenario from a template',
    },
    body: z.strictObject({
      from: z.enum(STARTING_POINTS),
      id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/),
      name: z.string().trim().min(1).max(100),
    }),
    response: draftFile,
  }),
  discardDraft: route({
    method: 'POST',
    path: '/api/draft/discard',
    roles: EDITORS,
    summary: { fr: 'Abandonner des fichiers du brouillon', en: 'Discard files of the draft' },
    body: chosenFiles,
    response: done,
  }),
  lintDraft: route({
    method: 'POST',
    path: '/api/draft/lint',
    roles: EDITORS,
    summary: { fr: 'Vérifier le brouillon', en: 'Check the draft' },
    body: z.strictObject({
      /** A file as it is being written, laid over the draft. */
      file: z.strictObject({ path: workspaceFilePath, text }).optional(),
    }),
    response: lintResult,
    maxBodyBytes: BODY_BYTES,
  }),
  planDraft: route({
    method: 'POST',
    path: '/api/draft/plan',
    roles: EDITORS,
    summary: {
      fr: 'Ce que publier le brouillon changerait',
      en: 'What publishing the draft would change',
    },
    body: chosenFiles,
    response: planResult,
  }),
  publishDraft: route({
    method: 'POST',
    path: '/api/draft/publish',
    roles: EDITORS,
    summary: { fr: 'Publier des fichiers du brouillon', en: 'Publish files of the draft' },
    body: chosenFiles,
    response: applyResult,
  }),
};
