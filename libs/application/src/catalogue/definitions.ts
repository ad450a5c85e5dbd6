import type { Definition, Trigger } from '#libs/scenario';
import type { DefinitionSource } from '../runtime/ports.js';
import { OBSERVED_EVENTS } from '../results/recorder.js';

/** A scenario's version in force, and whether an operator paused it. */
export interface ScenarioInForce {
  readonly scenario: string;
  readonly definition: string;
  readonly isPaused: boolean;
}

/** Every definition somebody may still be in, and which of them take people in; replaced as a whole. */
export class Definitions implements DefinitionSource {
  private readonly all: ReadonlyMap<string, Definition>;
  private readonly live: readonly Definition[];
  private readonly paused: ReadonlySet<string>;
  private readonly entries = new Map<string, Definition[]>();
  private readonly heardBy = new Map<Definition, ReadonlySet<string>>();
  private readonly heard = new Set<string>(OBSERVED_EVENTS);

  constructor(definitions: readonly Definition[], scenarios: readonly ScenarioInForce[]) {
    this.all = new Map(definitions.map((definition) => [definition.hash, definition]));
    this.paused = new Set(scenarios.filter((each) => each.isPaused).map((each) => each.scenario));
    this.live = scenarios
      .filter((each) => !each.isPaused)
      .flatMap((each) => this.all.get(each.definition) ?? []);
    for (const definition of this.live) {
      for (const name of definition.entry.on) {
        this.entries.set(name, [...(this.entries.get(name) ?? []), definition]);
        this.heard.add(name);
      }
    }
    for (const definition of definitions) this.listen(definition);
  }

  private listen(definition: Definition): void {
    const names = new Set<string>();
    const add = (trigger: Trigger): void => trigger.on.forEach((name) => names.add(name));
    definition.exits.forEach(add);
    for (const step of Object.values(definition.steps)) {
      if (step.type === 'wait_for') step.triggers.forEach(add);
      if (step.type === 'decide') step.reward?.on.forEach((name) => this.heard.add(name));
    }
    definition.goal?.on.forEach((name) => this.heard.add(name));
    names.forEach((name) => this.heard.add(name));
    this.heardBy.set(definition, names);
  }

  byHash(hash: string): Definition | undefined {
    return this.all.get(hash);
  }

  inForce(): readonly Definition[] {
    return this.live;
  }

  entriesOn(name: string): readonly Definition[] {
    return this.entries.get(name) ?? [];
  }

  hears(definition: Definition, name: string): boolean {
    return this.heardBy.get(definition)?.has(name) ?? false;
  }

  isHeard(name: string): boolean {
    return this.heard.has(name);
  }

  isPaused(scenario: string): boolean {
    return this.paused.has(scenario);
  }
}
