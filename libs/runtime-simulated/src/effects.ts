import {
  Decider,
  DeliveryPlanner,
  questionOf,
  resultOf,
  TaskMaker,
  type DeciderPorts,
  type DecisionQuestion,
  type EffectRequest,
  type EffectRunner,
  type PlannerPorts,
  type RenderText,
  type Tx,
} from '#libs/application';
import { hashUuid } from '#libs/kernel';
import type { DecideCommand, EffectResult, WebhookCommand } from '#libs/scenario';

/** An action stated for a deciding step, with a treatment where one is meant. */
export interface StatedDecision {
  readonly action: string;
  readonly treatment: string | null;
}

/** How decisions are taken. */
export interface DecisionWay {
  /** `live`: as the engine would; `random`: any candidate that may go, each with the same chance. */
  readonly mode: 'live' | 'random';
  /** What is decided without asking; null: ask. */
  readonly stated: (request: EffectRequest<DecideCommand>) => StatedDecision | null;
}

/** What carrying out commands needs. */
export interface EffectParts extends Omit<PlannerPorts, 'tasks'> {
  readonly way: DecisionWay;
  readonly renderText: RenderText;
  /** A decision that nobody took: it is stated. */
  readonly onStated: (request: EffectRequest<DecideCommand>, stated: StatedDecision) => void;
  /** Calls that a scenario asks for: nothing is called, so somebody must say what came of them. */
  readonly onCalled: (requests: readonly EffectRequest<WebhookCommand>[]) => void;
}

/** The engine's own services over the stores of a simulation. */
export function simulatedEffects(parts: EffectParts): EffectRunner {
  const { renderText, way, onStated, onCalled, ...shared } = parts;
  const { catalogue, deliveries, writeFacts } = shared;
  const noTaskStore = { insert: () => Promise.resolve() };
  const maker = { catalogue, deliveries, writeFacts, renderText, tasks: noTaskStore };
  const tasks = new TaskMaker(maker);
  const planner = new DeliveryPlanner({ ...shared, tasks });
  const ports: DeciderPorts = { ...shared, elapsedMs: () => 0 };
  const decider = new Decider(ports);
  const asked = async (tx: Tx, requests: readonly EffectRequest<DecideCommand>[]) => {
    const questions = requests.map((request) => asWished(questionOf(request), way));
    return (await decider.decide(tx, questions)).map(resultOf);
  };
  return {
    decide: async (tx, requests) => {
      const stated = requests.map((request) => way.stated(request));
      const open = requests.filter((_, index) => stated[index] === null);
      const answers = open.length === 0 ? [] : await asked(tx, open);
      let next = 0;
      return requests.map((request, index) => {
        const choice = stated[index] ?? null;
        if (choice === null) return answers[next++] as EffectResult;
        onStated(request, choice);
        return statedResult(request, choice);
      });
    },
    deliver: (tx, requests) => planner.plan(tx, requests),
    task: (tx, requests) => tasks.fromSteps(tx, requests),
    call: (_tx, requests) => {
      onCalled(requests);
      return Promise.resolve();
    },
    cancel: (tx, of, nowMs) => planner.cancel(tx, of, nowMs),
  };
}

function asWished(question: DecisionQuestion, { mode }: DecisionWay): DecisionQuestion {
  return mode === 'random' ? { ...question, model: 'random' } : question;
}

function statedResult(
  { command, enrolment }: EffectRequest<DecideCommand>,
  { action, treatment }: StatedDecision,
): EffectResult {
  return {
    kind: 'decided',
    decisionId: hashUuid('decision', command.commandId),
    action,
    treatment,
    fields: { group: enrolment.group, propensity: 1, channel: null, fallback_reason: 'stated' },
  };
}
