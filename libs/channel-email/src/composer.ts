import type {
  CatalogueSource,
  CompiledTemplate,
  ComposedMessage,
  Composer,
  ComposeRefusal,
  Delivery,
  PersonContext,
  SenderRule,
  TemplateVariables,
} from '#libs/application';
import { localised, type JsonObject } from '#libs/kernel';
import { rewriteLinks } from './link-rewrite.js';
import type { LinkKey } from './links.js';
import { messageIdFor } from './message-id.js';
import { renderEmail, renderText } from './template-render.js';
import { unsubscribeLinks } from './unsubscribe.js';

/** A template in force, with what stands in for variables that are missing. */
export interface TemplateInForce {
  readonly compiled: CompiledTemplate;
  /** By path, `profile.firstName`. */
  readonly defaults: Readonly<Record<string, string | number | boolean>>;
}

/** What writing messages needs; templates are compiled once when a workspace is published. */
export interface ComposerOptions {
  readonly catalogue: CatalogueSource;
  readonly emailTemplate: (id: string) => TemplateInForce | undefined;
  /** Texts of SMS treatments, by `action/treatment`. */
  readonly smsTemplate: (key: string) => TemplateInForce | undefined;
  /** `PUBLIC_URL`, without a final slash. */
  readonly baseUrl: string;
  readonly key: LinkKey;
}

type Written = { readonly composed: ComposedMessage } | { readonly refusal: ComposeRefusal };

const refused = (reason: ComposeRefusal['reason'], detail: string): Written => ({
  refusal: { reason, detail },
});

/** Writes e-mails: rendered, links signed, with the headers that receivers demand. */
export class EmailComposer implements Composer {
  constructor(private readonly options: ComposerOptions) {}

  compose(delivery: Delivery, person: PersonContext, address: string): Written {
    const { options } = this;
    const template = options.emailTemplate(delivery.template);
    if (template === undefined) return refused('template_unknown', delivery.template);
    const sender = senderOf(delivery, options.catalogue);
    if (sender === undefined) return refused('no_sender', delivery.sender);
    const { baseUrl, key } = options;
    const { id: deliveryId, purpose } = delivery;
    const links = unsubscribeLinks({ baseUrl, key, deliveryId, purpose });
    const rendered = renderEmail(
      template.compiled,
      localeOf(person, options.catalogue),
      variablesOf(delivery, person, { template, catalogue: options.catalogue, links }),
    );
    if (!rendered.ok) {
      return refused(rendered.error.code, rendered.error.variable ?? delivery.template);
    }
    const { subject, html, text } = rendered.value;
    const signed = rewriteLinks(html, text, { baseUrl, deliveryId, key });
    const isMarketing = sender.stream === 'marketing';
    return {
      composed: {
        links: signed.links,
        message: {
          channel: 'email',
          deliveryId,
          to: address,
          from: sender.from,
          ...(sender.replyTo === null ? {} : { replyTo: sender.replyTo }),
          subject,
          html: signed.html,
          text: signed.text,
          headers: {
            ...(isMarketing ? links.headers : {}),
            'Feedback-ID': `${delivery.scenario ?? 'direct'}:${sender.stream}:${sender.id}`,
          },
          messageId: messageIdFor(deliveryId, sender.from),
        },
      },
    };
  }
}

/** Writes SMS by the same templates' rules; the links in them stay as they are. */
export class SmsComposer implements Composer {
  constructor(private readonly options: ComposerOptions) {}

  compose(delivery: Delivery, person: PersonContext, address: string): Written {
    const { options } = this;
    const key = `${delivery.action}/${delivery.treatment}`;
    const template = options.smsTemplate(key);
    if (template === undefined) return refused('template_unknown', key);
    const sender = senderOf(delivery, options.catalogue);
    if (sender === undefined) return refused('no_sender', delivery.sender);
    const rendered = renderText(
      template.compiled,
      localeOf(person, options.catalogue),
      variablesOf(delivery, person, { template, catalogue: options.catalogue, links: null }),
    );
    if (!rendered.ok) return refused(rendered.error.code, rendered.error.variable ?? key);
    return {
      composed: {
        links: [],
        message: {
          channel: 'sms',
          deliveryId: delivery.id,
          to: address,
          from: sender.from,
          text: rendered.value.text,
        },
      },
    };
  }
}

function senderOf(delivery: Delivery, catalogue: CatalogueSource): SenderRule | undefined {
  const { senders } = catalogue.current();
  if (delivery.sender !== '') return senders.get(delivery.sender);
  return [...senders.values()].find((sender) => sender.channel === delivery.channel);
}

function localeOf(person: PersonContext, catalogue: CatalogueSource): string {
  return person.locale ?? catalogue.current().locales[0] ?? 'fr';
}

function variablesOf(
  delivery: Delivery,
  person: PersonContext,
  given: {
    readonly template: TemplateInForce;
    readonly catalogue: CatalogueSource;
    readonly links: { readonly unsubscribeUrl: string; readonly preferencesUrl: string } | null;
  },
): TemplateVariables {
  const { currency, name, timezone } = given.catalogue.current();
  const locale = localeOf(person, given.catalogue);
  const { entry, decision, vars } = delivery.vars;
  const variables = {
    profile: person.profile,
    account: person.account ?? {},
    entry: entry ?? {},
    decision: decision ?? {},
    vars: vars ?? {},
    workspace: { name: localised(name, locale) },
  };
  return {
    ...withDefaults(variables, given.template.defaults),
    ...(given.links === null
      ? {}
      : {
          unsubscribe_url: given.links.unsubscribeUrl,
          preferences_url: given.links.preferencesUrl,
        }),
    format: { locale, timezone: person.timezone ?? timezone, currency },
  };
}

/** Fills in what is missing, by path; only the objects on the way to a default are copied. */
export function withDefaults(
  variables: JsonObject,
  defaults: Readonly<Record<string, string | number | boolean>>,
): JsonObject {
  let filled = variables;
  for (const [path, value] of Object.entries(defaults)) {
    filled = withDefault(filled, path.split('.'), value);
  }
  return filled;
}

function withDefault(
  object: JsonObject,
  [name, ...rest]: readonly string[],
  value: string | number | boolean,
): JsonObject {
  if (name === undefined) return object;
  const held = Object.hasOwn(object, name) ? object[name] : undefined;
  if (rest.length === 0) {
    const isMissing = held === undefined || held === null || held === '';
    return isMissing ? { ...object, [name]: value } : object;
  }
  const inner = typeof held === 'object' && held !== null && !Array.isArray(held) ? held : {};
  return { ...object, [name]: withDefault(inner as JsonObject, rest, value) };
}
