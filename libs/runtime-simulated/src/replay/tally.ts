import type { EpochMs } from '#libs/kernel';
import type { Happening } from '../happening.js';

/** How often something happened, by name. */
export type Counts = Readonly<Record<string, number>>;

/** What became of a step. */
export interface StepCount {
  readonly stepId: string;
  /** Times the step was begun. */
  readonly entered: number;
  /** Times it was left, by result, or by branch where it has several. */
  readonly left: Counts;
}

/** Messages of one local hour. */
export interface SendHour {
  /** `2026-03-30T18`. */
  readonly hour: string;
  readonly channel: string;
  readonly messages: number;
}

/** What a scenario did in a simulation. */
export interface ReplayFigures {
  /** Runs begun, by group: those of `holdout` got nothing. */
  readonly entered: Counts;
  /** Distinct people among them. */
  readonly people: number;
  /** Events that could have begun a run and did not, by reason. */
  readonly notEntered: Counts;
  readonly steps: readonly StepCount[];
  /** Chosen actions, by step and action. */
  readonly decided: Counts;
  readonly sends: readonly SendHour[];
  readonly sent: Counts;
  readonly putOff: number;
  /** Contacts not made, by reason. */
  readonly withheld: Counts;
  /** Of them, and of the candidates of decisions, those that a cap kept back. */
  readonly capped: number;
  readonly tasks: number;
  readonly goals: number;
  /** Sum of what goals were worth, in the workspace's currency. */
  readonly goalValue: number;
  readonly ended: Counts;
  /** Of messages and tasks, in the workspace's currency. */
  readonly cost: number;
}

interface StepTally {
  waited: number;
  leavings: number;
  readonly left: Map<string, number>;
}

/** Adds up what happens, in memory that does not grow with the people; ids of people apart. */
export class ReplayTally {
  private readonly people = new Set<string>();
  private readonly counts = new Map<string, Map<string, number>>();
  private readonly steps = new Map<string, StepTally>();
  private readonly sends = new Map<string, number>();
  private putOff = 0;
  private capped = 0;
  private tasks = 0;
  private goals = 0;
  private goalValue = 0;
  private costUnits = 0;

  constructor(private readonly hourOf: (atMs: EpochMs) => string) {}

  /** Takes one happening in. */
  add(one: Happening): void {
    switch (one.kind) {
      case 'entered':
        this.people.add(one.profileId);
        return this.count('entered', one.group);
      case 'not_entered':
        return this.count('notEntered', one.reason);
      case 'step':
        return this.addStep(one);
      case 'decided':
        this.capped += one.refused.filter(({ reason }) => reason === CAP).length;
        return this.count('decided', `${one.stepId}: ${one.action}`);
      case 'put_off':
        this.putOff += 1;
        return;
      case 'delivered': {
        this.costUnits += Math.round(Number(one.cost) * UNITS);
        const key = `${this.hourOf(one.atMs)} ${one.channel}`;
        this.sends.set(key, (this.sends.get(key) ?? 0) + 1);
        return this.count('sent', one.channel);
      }
      case 'withheld':
        if (one.reason === CAP) this.capped += 1;
        return this.count('withheld', one.reason);
      case 'task':
        this.tasks += 1;
        return;
      case 'goal':
        this.goals += 1;
        this.goalValue += one.value ?? 0;
        return;
      case 'reward':
        return;
      case 'ended':
        return this.count('ended', one.as);
    }
  }

  figures(): ReplayFigures {
    return {
      entered: this.countsOf('entered'),
      people: this.people.size,
      notEntered: this.countsOf('notEntered'),
      // A step that does not wait is told once, as it is left.
      steps: [...this.steps].map(([stepId, { waited, leavings, left }]) => ({
        stepId,
        entered: Math.max(waited, leavings),
        left: sorted(left),
      })),
      decided: this.countsOf('decided'),
      sends: [...this.sends]
        .map(([key, messages]) => {
          const [hour = '', channel = ''] = key.split(' ');
          return { hour, channel, messages };
        })
        .sort((one, other) => (one.hour < other.hour ? -1 : 1)),
      sent: this.countsOf('sent'),
      putOff: this.putOff,
      withheld: this.countsOf('withheld'),
      capped: this.capped,
      tasks: this.tasks,
      goals: this.goals,
      goalValue: Math.round(this.goalValue * 100) / 100,
      ended: this.countsOf('ended'),
      cost: this.costUnits / UNITS,
    };
  }

  private addStep({ stepId, result, branch }: Extract<Happening, { kind: 'step' }>): void {
    const step = this.steps.get(stepId) ?? {
      waited: 0,
      leavings: 0,
      left: new Map<string, number>(),
    };
    this.steps.set(stepId, step);
    if (result === 'waiting') {
      step.waited += 1;
      return;
    }
    const leaving = branch === null ? result : `${result} (${branch})`;
    step.left.set(leaving, (step.left.get(leaving) ?? 0) + 1);
    step.leavings += 1;
  }

  private count(of: string, name: string): void {
    const counts = this.counts.get(of) ?? new Map<string, number>();
    this.counts.set(of, counts.set(name, (counts.get(name) ?? 0) + 1));
  }

  private countsOf(of: string): Counts {
    return sorted(this.counts.get(of) ?? new Map<string, number>());
  }
}

const CAP = 'cap';
/** Ten-thousandths: amounts of messages have four decimals. */
const UNITS = 10_000;

function sorted(counts: ReadonlyMap<string, number>): Counts {
  return Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));
}
