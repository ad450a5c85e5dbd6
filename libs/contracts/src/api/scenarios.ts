import { z } from 'zod';
import { amount, count, day, epochMs, id, paging, problem, sentence } from './shared.js';
import { GROUPS } from '../facts/common.js';

/** Lift over the people left untreated; never shown without its uncertainty. */
export const lift = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('ready'),
    comparedTo: z.enum(['holdout', 'random_control']),
    /** Difference of the shares that met the goal, in [-1, 1], with its 95 % interval. */
    lift: z.number(),
    low: z.number(),
    high: z.number(),
    isSignificant: z.boolean(),
    treated: count,
    control: count,
    /** The same in words. */
    sentence,
  }),
  z.object({
    state: z.literal('too_early'),
    treated: count,
    control: count,
    /** Days until it may be told at today's pace; null where that is not known. */
    daysLeft: count.nullable(),
    sentence,
  }),
  /** No goal, nobody left untreated, or the analytics store does not answer. */
  z.object({ state: z.literal('none'), sentence }),
]);

const figures = {
  entered: count,
  sent: count,
  converted: count,
};

/** One day of a scenario. */
const dayFigures = z.object({ day, ...figures, revenue: z.string() });

/** A running scenario, on the page of today. */
export const scenarioLine = z.object({
  id,
  name: z.string(),
  state: z.enum(['live', 'paused']),
  /** People in it now; those held out are not counted. */
  people: count,
  ...figures,
  /** Of the last 7 days, one an currency; empty without any. */
  revenue: z.array(amount),
  /** The last 7 local days, oldest first; revenue in the workspace's currency. */
  daily: z.array(dayFigures),
  lift,
  /** What holds it up; null where nothing does. */
  holdup: sentence.nullable(),
});

/** Something that needs a person, with where to look. */
export const attention = z.object({
  level: z.enum(['info', 'warning', 'error']),
  sentence,
  /** A page of the console, `/dead-letters`; null where there is none. */
  link: z.string().nullable(),
});

/** `GET /api/today`. */
export const today = z.object({
  asOfMs: epochMs,
  attention: z.array(attention),
  scenarios: z.array(scenarioLine),
});

/** `GET /api/scenarios`. */
export const scenarioSummary = z.object({
  id,
  name: z.string(),
  purpose: z.string(),
  priority: z.int(),
  state: z.enum(['live', 'paused']),
  definition: id,
  publishedAtMs: epochMs,
  people: count,
  heldOut: count,
});

const STEP_TYPES = [
  'entry',
  'wait',
  'wait_until',
  'wait_for',
  'split',
  'experiment',
  'decide',
  'deliver',
  'task',
  'update',
  'emit',
  'webhook',
  'points',
  'enrol',
  'parallel',
  'repeat',
  'exit',
  'end',
] as const;

/** A node of the graph: a step, the way in (`entry`) or a way out (`end`). */
export const graphNode = z.object({
  id: z.string(),
  type: z.enum(STEP_TYPES),
  /** In words: `Attendre 1 h`. */
  label: sentence,
  /** Further words: conditions, actions. */
  details: z.array(sentence),
  /** People standing on it now. */
  waiting: count,
  /** Times it was left; null where the analytics store does not answer. */
  passed: count.nullable(),
  passedToday: count.nullable(),
});

/** An edge; `label` names the branch, empty on a plain one. */
export const graphEdge = z.object({
  from: z.string(),
  to: z.string(),
  label: sentence,
  kind: z.enum(['next', 'branch', 'timeout', 'exit']),
  /** Times it was taken; null where unknown. */
  passed: count.nullable(),
});

/** A published version. */
export const scenarioVersion = z.object({
  /** Content hash; people in flight keep theirs. */
  definition: id,
  publishedAtMs: epochMs,
  author: z.string(),
  people: count,
  isInForce: z.boolean(),
});

/** `GET /api/scenarios/:id`. */
export const scenarioDetail = z.object({
  id,
  name: z.string(),
  description: z.string(),
  purpose: z.string(),
  priority: z.int(),
  state: z.enum(['live', 'paused']),
  definition: id,
  publishedAtMs: epochMs,
  /** In words: who enters, how often, what ends it, what it is for. */
  summary: z.array(sentence),
  people: count,
  paused: count,
  heldOut: count,
  ended: count,
  graph: z.object({ nodes: z.array(graphNode), edges: z.array(graphEdge) }),
  /** As published; null where the file is no longer kept. */
  source: z.object({ path: z.string(), text: z.string() }).nullable(),
  problems: z.array(problem),
  /** Newest first, at most 50. */
  versions: z.array(scenarioVersion),
  lift,
});

/** `GET /api/scenarios/:id/source?definition=`. */
export const scenarioSource = z.object({ path: z.string(), text: z.string(), definition: id });

/** Query of `GET /api/scenarios/:id/people`. */
export const scenarioPeopleQuery = z.object({
  ...paging,
  /** Only those who stand on this step. */
  step: z.string().max(400).optional(),
  status: z.enum(['running', 'paused', 'held_out']).optional(),
});

/** Somebody in a scenario. */
export const scenarioPerson = z.object({
  profileId: id,
  name: z.string(),
  enrolmentId: id,
  step: z.string(),
  /** The step in words. */
  stepLabel: sentence,
  status: z.enum(['running', 'paused', 'held_out']),
  group: z.enum(GROUPS),
  enteredAtMs: epochMs,
  /** Since when on the step; null for the held-out. */
  sinceMs: epochMs.nullable(),
  /** When time moves them on; null where only an event does. */
  dueAtMs: epochMs.nullable(),
});
