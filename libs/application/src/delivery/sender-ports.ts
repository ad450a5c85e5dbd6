import type { Clock } from '#libs/kernel';
import type { Fact } from '#libs/contracts';
import type { CatalogueSource } from '../catalogue/catalogue.js';
import type { ChannelSender } from '../channels/ports.js';
import type { ContactStore } from '../contact/contact.js';
import type { GateKnowledge } from '../contact/gate-input.js';
import type { Tx, UnitOfWork } from '../ports/transaction.js';
import type { EnrolmentStore, EventSink, PeopleSource } from '../runtime/ports.js';
import type { Composer } from './composer.js';
import type { DeliveryStore } from './ports.js';

/** What the sender works with. */
export interface SenderPorts {
  readonly work: UnitOfWork;
  readonly deliveries: DeliveryStore;
  readonly contacts: ContactStore;
  readonly people: PeopleSource;
  readonly inbox: Pick<EnrolmentStore, 'post'>;
  readonly events: EventSink;
  readonly catalogue: CatalogueSource;
  readonly known: Omit<GateKnowledge, 'catalogue'>;
  readonly composers: ReadonlyMap<string, Composer>;
  readonly channels: ReadonlyMap<string, ChannelSender>;
  readonly writeFacts: (tx: Tx, facts: readonly Fact[]) => Promise<void>;
  readonly clock: Clock;
  readonly wallMs: () => number;
  /** Names this run of this worker; its lease tells whether it is still there. */
  readonly runId: string;
}
