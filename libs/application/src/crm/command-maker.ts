import { hashId, type EpochMs } from '#libs/kernel';
import type { CrmConfig } from '#libs/contracts';
import type { ZonedCalendar } from '#libs/policy';
import { isFurther, trackOf } from './member-status.js';
import type { CrmContact, CrmTaskText, CrmTouch, KnownRow, OutboxDraft } from './outbox-ports.js';
import { isoOf, type Command, type CommandType, type MemberStatus } from './ports.js';
import { campaignTitle, factSentence, orderSentence, taskSentence } from './sentences.js';
import type { Wish } from './wishes.js';
import { isPushed, keyNamespaces, type CrmWorkspace } from './workspace.js';

type WishOf<Kind extends Wish['kind']> = Extract<Wish, { kind: Kind }>;

/** What was looked up for the wishes of one batch. */
export interface LookedUp {
  readonly contacts: ReadonlyMap<string, CrmContact>;
  readonly touches: ReadonlyMap<string, CrmTouch>;
  readonly orderRefs: ReadonlyMap<string, string>;
  /** Scenario that each order is credited to. */
  readonly credits: ReadonlyMap<string, string>;
  readonly taskTexts: ReadonlyMap<string, CrmTaskText>;
  readonly consents: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** By `profileId/channel`. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly known: readonly KnownRow[];
}

/** `ns:value`: orders commands of one person among themselves. */
export function contactKey(contact: CrmContact): string {
  return `${contact.ns}:${contact.value}`;
}

/** Under what the last word to a connector is kept, for wishes that are news only once. */
export function knownOf(wish: Wish): string | null {
  switch (wish.kind) {
    case 'member':
      return memberKnown(wish.scenario, wish.status);
    case 'order':
      return memberKnown(wish.scenario, 'ordered');
    case 'consent':
      return `consent/${wish.channel}/${wish.purpose}`;
    case 'scores':
      return `scores/${wish.name}`;
    case 'complaint':
    case 'taskOpen':
    case 'taskDone':
    case 'address':
      return null;
  }
}

function memberKnown(scenario: string, status: MemberStatus): string {
  return `${trackOf(status)}/${scenario}`;
}

/** Makes the commands of one connector for one batch of wishes; tells only what is news. */
export class CommandMaker {
  readonly drafts: OutboxDraft[] = [];
  readonly skipped = new Map<string, number>();
  private readonly known = new Map<string, KnownRow>();
  private readonly changed = new Map<string, KnownRow>();

  constructor(
    private readonly config: CrmConfig,
    private readonly workspace: CrmWorkspace,
    private readonly calendar: Pick<ZonedCalendar, 'localDate'>,
    private readonly found: LookedUp,
  ) {
    for (const row of found.known) this.known.set(`${row.contact}\n${row.what}`, row);
  }

  /** What the connector knows now and did not before. */
  get learned(): readonly KnownRow[] {
    return [...this.changed.values()];
  }

  add(wish: Wish): void {
    const contact = this.found.contacts.get(wish.profileId);
    if (contact === undefined) {
      this.skip('no_crm_key');
      return;
    }
    switch (wish.kind) {
      case 'member':
        return this.member(wish, contact, wish.status);
      case 'order':
        return this.order(wish, contact);
      case 'complaint':
        return this.complaint(wish, contact);
      case 'taskOpen':
        return this.taskOpen(wish, contact);
      case 'taskDone':
        return this.taskDone(wish, contact);
      case 'address':
        return this.address(wish, contact);
      case 'consent':
        return this.consent(wish, contact);
      case 'scores':
        return this.scores(wish, contact);
    }
  }

  private skip(reason: string): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
  }

  private knownFor(contact: CrmContact, what: string): KnownRow | undefined {
    return this.known.get(`${contactKey(contact)}\n${what}`);
  }

  private learn(contact: CrmContact, row: Omit<KnownRow, 'contact'>): void {
    const whole = { ...row, contact: contactKey(contact) };
    this.known.set(`${whole.contact}\n${whole.what}`, whole);
    this.changed.set(`${whole.contact}\n${whole.what}`, whole);
  }

  /** Key and contact of a command; the same business fact gives the same key for ever. */
  private base(
    type: CommandType,
    contact: CrmContact,
    fact: readonly [campaign: string, ...parts: string[]],
  ): Pick<Command, 'key' | 'contact'> {
    const externalId = this.externalId(contact);
    return {
      key: hashId('crm', this.config.connector, type, externalId, ...fact),
      contact: { externalId },
    };
  }

  /** The value alone under the CRM's own namespace; others say theirs, or `42` might be anybody's. */
  private externalId(contact: CrmContact): string {
    return contact.ns === keyNamespaces(this.config)[0] ? contact.value : contactKey(contact);
  }

  private push(
    contact: CrmContact,
    command: Command,
    more: Partial<Pick<OutboxDraft, 'mergeKey' | 'ref'>> = {},
  ): void {
    if (!isPushed(this.config, command.type)) return;
    this.drafts.push({
      contact: contactKey(contact),
      command,
      mergeKey: more.mergeKey ?? null,
      ref: more.ref ?? null,
    });
  }

  private campaign(scenario: string): { readonly id: string; readonly name: string } {
    return { id: scenario, name: this.workspace.campaignName(scenario) };
  }

  private day(atMs: EpochMs): string {
    return this.calendar.localDate(atMs, this.workspace.timezone);
  }

  private member(
    wish: Pick<WishOf<'member'>, 'scenario' | 'atMs'>,
    contact: CrmContact,
    status: MemberStatus,
    order?: Extract<Command, { type: 'membership' }>['order'],
  ): void {
    const what = memberKnown(wish.scenario, status);
    const told = this.knownFor(contact, what)?.value as MemberStatus | undefined;
    if (!isFurther(status, told)) return;
    this.learn(contact, { what, value: status, mark: wish.atMs });
    const command: Command = {
      ...this.base('membership', contact, [wish.scenario, status, order?.ref ?? '']),
      type: 'membership',
      campaign: this.campaign(wish.scenario),
      status,
      at: isoOf(wish.atMs),
      ...(order === undefined ? {} : { order }),
    };
    this.push(contact, command, { mergeKey: trackOf(status) === 'progress' ? what : null });
  }

  private order(wish: WishOf<'order'>, contact: CrmContact): void {
    if (this.found.credits.get(wish.eventKey) !== wish.scenario) {
      this.skip('order_of_other_campaign');
      return;
    }
    const { amount, currency, scenario, atMs } = wish;
    const ref = this.found.orderRefs.get(wish.eventKey) ?? wish.eventKey;
    this.member(wish, contact, 'ordered', { ref, amount: amount ?? '', currency });
    const touch = this.found.touches.get(wish.touchKey);
    const touchMs = touch?.acceptedAtMs ?? null;
    const told = {
      campaign: this.workspace.campaignName(scenario),
      ref,
      amount: amount ?? '',
      currency,
      on: this.day(atMs),
      atMs,
      touch:
        touch === undefined || touchMs === null
          ? null
          : {
              channel: touch.channel,
              on: this.day(touchMs),
              atMs: touchMs,
              isClicked: touch.isClicked,
            },
    };
    this.push(contact, {
      ...this.base('activity', contact, [scenario, 'order', wish.eventKey]),
      type: 'activity',
      subject: campaignTitle(told.campaign, this.workspace.locale),
      body: orderSentence(told, this.workspace.locale),
      at: isoOf(atMs),
      campaign: this.campaign(scenario),
    });
  }

  private complaint(wish: WishOf<'complaint'>, contact: CrmContact): void {
    const { scenario, atMs } = wish;
    const campaign = scenario === null ? null : this.workspace.campaignName(scenario);
    const { locale } = this.workspace;
    const body = factSentence({ kind: 'complained', on: this.day(atMs), campaign }, locale);
    this.push(contact, {
      ...this.base('activity', contact, [scenario ?? '', 'complaint', wish.id]),
      type: 'activity',
      subject: this.subject(campaign),
      body,
      at: isoOf(atMs),
      ...(scenario === null ? {} : { campaign: this.campaign(scenario) }),
    });
  }

  private subject(campaign: string | null): string {
    return campaign === null ? 'Relance' : campaignTitle(campaign, this.workspace.locale);
  }

  private taskDone(wish: WishOf<'taskDone'>, contact: CrmContact): void {
    const { scenario, title, outcome } = wish.task;
    const campaign = scenario === null ? null : this.workspace.campaignName(scenario);
    const told = { title, outcome, campaign, on: this.day(wish.atMs) };
    this.push(contact, {
      ...this.base('activity', contact, [scenario ?? '', 'task', wish.id]),
      type: 'activity',
      subject: this.subject(campaign),
      body: taskSentence(told, this.workspace.locale),
      at: isoOf(wish.atMs),
      ...(scenario === null ? {} : { campaign: this.campaign(scenario) }),
    });
  }

  private taskOpen(wish: WishOf<'taskOpen'>, contact: CrmContact): void {
    const { task, id } = wish;
    const text = this.found.taskTexts.get(id);
    const reasons = text?.reasons ?? [];
    const choice = text?.choice ?? null;
    const body = [text?.note ?? '', ...reasons].filter((line) => line !== '').join('\n');
    const command: Command = {
      ...this.base('task', contact, [task.scenario ?? '', id]),
      type: 'task',
      subject: task.title,
      body,
      dueAt: isoOf(task.dueAtMs ?? task.createdAtMs),
      ...(task.owner === '' ? {} : { owner: task.owner }),
      ...(choice === null ? {} : { nba: { ...choice, reasons } }),
    };
    this.push(contact, command, { ref: id });
  }

  private address(wish: WishOf<'address'>, contact: CrmContact): void {
    const { channel, state, code, atMs } = wish;
    const addresses = this.found.addresses.get(`${wish.profileId}/${channel}`) ?? [];
    if (addresses.length === 0) this.skip('no_address');
    for (const address of addresses) {
      this.push(contact, {
        ...this.base('deliverability', contact, ['', channel, address, state]),
        type: 'deliverability',
        channel,
        address,
        state,
        ...(code === null ? {} : { code }),
        at: isoOf(atMs),
      });
    }
  }

  private consent(wish: WishOf<'consent'>, contact: CrmContact): void {
    const { channel, purpose, statement, atMs } = wish;
    const state = this.found.consents.get(wish.profileId)?.[`${channel}:${purpose}`];
    if (state !== 'granted' && state !== 'denied') return;
    const what = `consent/${channel}/${purpose}`;
    if (this.knownFor(contact, what)?.value === state) return;
    this.learn(contact, { what, value: state, mark: atMs });
    // The CRM's own word, come back: it need not be told.
    if (statement.source === this.config.source && statement.status === state) return;
    this.push(contact, {
      ...this.base('consent', contact, ['', channel, purpose, state, String(atMs)]),
      type: 'consent',
      channel,
      purpose,
      state,
      basis: statement.basis,
      at: isoOf(atMs),
      proof: statement.proof,
    });
  }

  private scores(wish: WishOf<'scores'>, contact: CrmContact): void {
    const { name, text, values, mark, atMs } = wish;
    const what = `scores/${name}`;
    const told = this.knownFor(contact, what);
    if (told !== undefined && (told.value === text || told.mark >= mark)) return;
    this.learn(contact, { what, value: text, mark });
    const command: Command = {
      ...this.base('scores', contact, ['', name, text, String(mark)]),
      type: 'scores',
      values,
      at: isoOf(atMs),
    };
    this.push(contact, command, { mergeKey: what });
  }
}
