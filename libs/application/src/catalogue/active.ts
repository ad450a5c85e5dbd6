import { assert, type EpochMs } from '#libs/kernel';
import type { Definition } from '#libs/scenario';
import type { DefinitionSource } from '../runtime/ports.js';
import type { PublishedWorkspace, PublishedWorkspaces } from '../workspace/published.js';
import { buildCatalogue } from './build.js';
import type { Catalogue, CatalogueSource } from './catalogue.js';
import { Definitions } from './definitions.js';

/** What a process makes of a published workspace beside what is here: templates, profile rules. */
export type Prepare<Prepared> = (published: PublishedWorkspace) => Promise<Prepared>;

interface State<Prepared> {
  readonly mark: string;
  readonly published: PublishedWorkspace;
  readonly catalogue: Catalogue;
  readonly definitions: Definitions;
  readonly prepared: Prepared;
}

/**
 * The workspace in force in this process. A newer one is prepared aside and then takes its place as
 * a whole, so that no batch sees half of it.
 */
export class ActiveWorkspace<Prepared> implements CatalogueSource, DefinitionSource {
  private state: State<Prepared> | null = null;

  constructor(
    private readonly source: PublishedWorkspaces,
    private readonly prepare: Prepare<Prepared>,
    /** Start of a date in a zone. */
    private readonly dateStartMs: (date: string, zone: string) => EpochMs,
  ) {}

  /** Loads what is published where it changed; answers whether it did. */
  async refresh(): Promise<boolean> {
    const mark = await this.source.mark();
    if (mark === this.state?.mark) return false;
    const published = await this.source.current();
    if (published === null) return false;
    const { compiled, appliedAtMs } = published;
    const catalogue = buildCatalogue(compiled, {
      publishedAtMs: appliedAtMs,
      dateStartMs: (date) => this.dateStartMs(date, compiled.relance.timezone),
    });
    const definitions = new Definitions(published.definitions, published.scenarios);
    const prepared = await this.prepare(published);
    this.state = { mark, published, catalogue, definitions, prepared };
    return true;
  }

  /** False until something was published. */
  get isReady(): boolean {
    return this.state !== null;
  }

  get prepared(): Prepared {
    return this.held().prepared;
  }

  get published(): PublishedWorkspace {
    return this.held().published;
  }

  current(): Catalogue {
    return this.held().catalogue;
  }

  byHash(hash: string): Definition | undefined {
    return this.held().definitions.byHash(hash);
  }

  inForce(): readonly Definition[] {
    return this.held().definitions.inForce();
  }

  entriesOn(name: string): readonly Definition[] {
    return this.held().definitions.entriesOn(name);
  }

  hears(definition: Definition, name: string): boolean {
    return this.held().definitions.hears(definition, name);
  }

  isHeard(name: string): boolean {
    return this.held().definitions.isHeard(name);
  }

  isPaused(scenario: string): boolean {
    return this.held().definitions.isPaused(scenario);
  }

  private held(): State<Prepared> {
    assert(this.state !== null, 'a workspace was published and loaded');
    return this.state;
  }
}
