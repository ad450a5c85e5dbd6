import { z } from 'zod';
import { rawEventSchema } from '../events/raw-event.js';
import { count, epochMs, id, paging, problem, sentence } from './shared.js';

/** Query of `GET /api/sandbox/messages`; `to` is part of an address or number. */
export const sandboxQuery = z.object({
  to: z.string().trim().max(320).optional(),
  channel: z.enum(['email', 'sms']).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  /** `id` of the last message seen, for the page that follows. */
  before: z.coerce.number().int().positive().optional(),
});

/** A message that the sandbox caught; nothing left this machine. */
export const sandboxMessage = z.object({
  id,
  to: z.string(),
  from: z.string(),
  channel: z.enum(['email', 'sms']),
  subject: z.string(),
  html: z.string(),
  text: z.string(),
  headers: z.record(z.string(), z.string()),
  deliveryId: z.string().nullable(),
  /** ISO 8601, UTC: the engine's clock. */
  at: z.string(),
});

/** What became of a caught message. */
export const sandboxDetail = sandboxMessage.extend({
  person: z.object({ id, name: z.string() }).nullable(),
  scenario: z.object({ id, name: z.string() }).nullable(),
  state: z.string().nullable(),
  /** Links of the message, in order. */
  links: z.array(z.string()),
  happened: z.array(z.object({ atMs: epochMs, sentence })),
});

const DEAD_LETTER_STATES = ['open', 'replayed', 'dismissed'] as const;

/** Query of `GET /api/dead-letters`. */
export const deadLettersQuery = z.object({
  ...paging,
  state: z.enum(DEAD_LETTER_STATES).default('open'),
  code: z.string().max(64).optional(),
  source: z.string().max(64).optional(),
  /** This one only, in whatever state, and whole. */
  id: id.optional(),
});

/** Something that could not be applied. */
export const deadLetter = z.object({
  id,
  source: z.string(),
  stage: z.string(),
  code: z.string(),
  /** The reason in words. */
  reason: sentence,
  /** The place in the message, `properties.status`. */
  detail: z.string(),
  /** As it came, cut at 4,000 characters; whole where one is asked for by its id. */
  raw: z.string(),
  firstAtMs: epochMs,
  attempts: count,
  state: z.enum(DEAD_LETTER_STATES),
  /** What was replayed in its place, and by whom; null: it only ever went as it came. */
  correction: z.object({ raw: z.string(), by: z.string(), atMs: epochMs }).nullable(),
});

/** A page, with how many there are of each cause in the state asked for. */
export const deadLetters = z.object({
  items: z.array(deadLetter),
  next: z.string().nullable(),
  causes: z.array(z.object({ code: z.string(), source: z.string(), reason: sentence, count })),
});

const someDeadLetters = [
  z.strictObject({ ids: z.array(id).min(1).max(1_000) }),
  z.strictObject({
    filter: z.strictObject({
      code: z.string().max(64).optional(),
      source: z.string().max(64).optional(),
    }),
  }),
] as const;

/** `POST /api/dead-letters/dismiss`: ids, or all open ones of a cause. */
export const dismissBody = z.union(someDeadLetters);

/**
 * `POST /api/dead-letters/replay`: ids, or all open ones of a cause; or one with the message that
 * takes its place, as `raw` gives it, corrected.
 */
export const replayBody = z.union([
  ...someDeadLetters,
  z.strictObject({ id, message: z.record(z.string(), z.unknown()) }),
]);

/** How many were touched; `left` still match the filter: ask again. */
export const deadLettersDone = z.object({ count, left: count });

const engine = z.object({
  part: z.enum(['store', 'log', 'runtime', 'analytics', 'email', 'sms']),
  name: z.string(),
  version: z.string(),
  /** Without passwords. */
  address: z.string(),
  isEmbedded: z.boolean(),
  isUp: z.boolean(),
  /** Why it is down; null where it is up. */
  why: sentence.nullable(),
});

/** `GET /api/status`. */
export const status = z.object({
  isHealthy: z.boolean(),
  /** One sentence for each thing that is wrong; empty when all is well. */
  sentences: z.array(sentence),
  version: z.string(),
  engines: z.array(engine),
  clock: z.object({
    nowMs: epochMs,
    wallMs: epochMs,
    speed: z.number(),
    isResting: z.boolean(),
  }),
  /** Records each consumer has still to read. */
  lag: z.array(z.object({ consumer: z.string(), topic: z.string(), records: count })),
  queues: z.array(
    z.object({
      name: z.string(),
      label: sentence,
      waiting: count,
      /** Of the engine's clock; null where the queue is empty or ages do not apply. */
      oldestAgeMs: z.int().nullable(),
    }),
  ),
  uncertain: z.object({ count, oldestAtMs: epochMs.nullable() }),
  deadLetters: z.array(z.object({ code: z.string(), reason: sentence, count })),
  jobs: z.array(
    z.object({
      id,
      kind: z.string(),
      done: count,
      total: count.nullable(),
      state: z.string(),
      updatedAtMs: epochMs,
    }),
  ),
  disk: z.object({
    freeBytes: z.number().nullable(),
    totalBytes: z.number().nullable(),
    storeBytes: z.number(),
  }),
});

/** Most files of a workspace, characters of all of them in one request, and bytes of one. */
export const WORKSPACE_LIMITS = {
  files: 2_000,
  characters: 16 * 1024 * 1024,
  fileBytes: 1024 * 1024,
} as const;

/** Path of a file of the workspace: `/`-separated, relative. */
export const workspaceFilePath = z.string().min(1).max(400);

/** `POST /api/workspace/lint`, `plan`, `apply`: file texts by path, `/`-separated, relative. */
export const workspaceBody = z.strictObject({
  files: z
    .record(workspaceFilePath, z.string().max(WORKSPACE_LIMITS.fileBytes))
    .refine((files) => Object.keys(files).length <= WORKSPACE_LIMITS.files),
});

/** `POST /api/workspace/plan`, `apply`: files, or those of an earlier publishing by its number. */
export const publishingBody = z.union([workspaceBody, z.strictObject({ version: z.int().min(1) })]);

/** `POST /api/workspace/lint`: 200 whatever is found. */
export const lintResult = z.object({
  isPublishable: z.boolean(),
  problems: z.array(problem),
  counts: z.record(z.string(), count),
});

/** What publishing changes in a scenario, and what becomes of the people in it. */
const scenarioPlan = z.object({
  /** Definition hashes; null where there is none. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  onChange: z.enum(['pin', 'migrate']),
  differences: z.array(
    z.object({
      kind: z.enum(['step_added', 'step_removed', 'step_moved', 'step_changed', 'head_changed']),
      step: z.string().nullable(),
      /** The id it has now, of a step that moved. */
      to: z.string().nullable(),
      path: z.string().nullable(),
      before: z.string().nullable(),
      after: z.string().nullable(),
      sentence,
    }),
  ),
  /** People in older versions, by version and step. */
  inFlight: z.array(
    z.object({
      definition: z.string(),
      /** Empty: the held-out, who stand on none. */
      step: z.string(),
      people: count,
      fate: z.enum(['kept', 'moved', 'refused']),
      to: z.string().nullable(),
      reason: z.string().nullable(),
      sentence,
    }),
  ),
});

/** What publishing changes, one thing. */
const planChange = z.object({
  kind: z.string(),
  id: z.string(),
  change: z.enum(['added', 'changed', 'removed', 'unchanged']),
  sentence,
  /** People in it now whom the change touches. */
  people: count,
  /** Of a scenario only. */
  scenario: scenarioPlan.optional(),
});

/** `POST /api/workspace/plan`. */
export const planResult = z.object({
  isPublishable: z.boolean(),
  problems: z.array(problem),
  changes: z.array(planChange),
  people: count,
});

/** `POST /api/workspace/apply`: 200 when published, 422 with problems when not. */
export const applyResult = z.object({
  version: z.int(),
  hash: z.string(),
  /** False: exactly this is in force already. */
  isNew: z.boolean(),
  changes: z.array(planChange),
  problems: z.array(problem),
});

/** `GET /api/workspace`: the files in force, exactly as applied. */
export const workspace = z.object({
  version: z.int(),
  hash: z.string(),
  author: z.string(),
  appliedAtMs: epochMs,
  files: z.record(z.string(), z.string()),
});

/** `GET /api/workspace/versions`, newest first. */
export const publishingsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).optional(),
});

/** Every publishing with who and when, and how far people of older versions were moved. */
export const publishings = z.object({
  items: z.array(
    z.object({
      version: z.int(),
      hash: z.string(),
      /** Content in force before it; null for the first. */
      hashBefore: z.string().nullable(),
      author: z.string(),
      appliedAtMs: epochMs,
      /** The publishing whose files it put in force again. */
      takesBackTo: z.int().nullable(),
      isInForce: z.boolean(),
    }),
  ),
  migrations: z.array(
    z.object({
      scenario: z.string(),
      definition: z.string(),
      state: z.enum(['running', 'done', 'stopped']),
      total: count,
      moved: count,
      refused: z.array(z.object({ reason: z.string(), people: count, sentence })),
      left: count,
      updatedAtMs: epochMs,
      sentence,
    }),
  ),
});

/** `POST /api/events`: events by a person or a tool, through the same door as every other. */
export const sendEventBody = z.strictObject({
  name: z.string().min(1).max(256),
  ids: rawEventSchema.shape.ids,
  properties: z.record(z.string(), z.unknown()).default({}),
  traits: z.record(z.string(), z.unknown()).optional(),
  /** Milliseconds since 1970; now without it. */
  atMs: epochMs.optional(),
  messageId: z.string().min(1).max(256).optional(),
});

/** The event is in the log, on disk. */
export const sentEvent = z.object({ messageId: z.string() });

const resultRow = z.object({
  group: z.string(),
  day: z.string(),
  currency: z.string(),
  entered: count,
  sent: count,
  delivered: count,
  clicks: count,
  converted: count,
  revenue: z.string(),
  cost: z.string(),
});

/** Query of `GET /api/results/:scenario`; local days, both included; the last 90 without them. */
export const resultsQuery = z.object({
  from: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional(),
  to: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional(),
});

/** `GET /api/results/:scenario`; `sql` gives the same rows as it stands. */
export const results = z.object({
  scenario: z.object({ id, name: z.string() }),
  rows: z.array(resultRow),
  sql: z.string(),
});

/** `GET /api/tables`: where analysts query, and what they find there. */
export const tables = z.object({
  url: z.string(),
  database: z.string(),
  user: z.string(),
  /** Of the read-only user. */
  password: z.string(),
  tables: z.array(
    z.object({
      name: z.string(),
      comment: z.string(),
      columns: z.array(z.object({ name: z.string(), type: z.string(), comment: z.string() })),
    }),
  ),
});

/** `POST` and `GET /api/sample/removal`: how far taking the sample away has come. */
export const sampleRemoval = z.object({
  /** `none`: never asked for. */
  state: z.enum(['none', 'running', 'done']),
  /** Rows that went, by what they tell of. */
  removed: z.object({
    people: count,
    accounts: count,
    events: count,
    enrolments: count,
    decisions: count,
    messages: count,
    mails: count,
    tasks: count,
    records: count,
    /** People of the sample of whom other events tell too: left in place, no sample any more. */
    kept: count,
  }),
});
