import { z } from 'zod';
import type { LocalText } from '#libs/kernel';
import { parseClock } from './clock-setting.js';

/** One variable of the environment: how it is read and what a person is told of it. */
export interface Variable {
  /** Reads the text of the variable. */
  readonly schema: z.ZodType<unknown, string>;
  /** What it is without the variable, as shown; absent where there is nothing then. */
  readonly fallback?: string;
  readonly meaning: LocalText;
  /** What a right value looks like, for the message about a wrong one. */
  readonly expected: LocalText;
  /** 'value' is hidden whole, 'url' only in its password. */
  readonly secret?: 'value' | 'url';
  /** Handed by the supervisor to its children; no one else sets it, `doctor` does not show it. */
  readonly internal?: true;
}

const text = z.string();
const PORT_EXPECTED = { fr: 'un port, de 1 à 65535', en: 'a port, 1 to 65535' };
const port = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().int().min(1).max(65_535));
const url = (protocols: readonly string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol));
const flag = z.enum(['0', '1']).transform((value) => value === '1');
const FLAG_EXPECTED = { fr: '0 ou 1', en: '0 or 1' };
const ANY = { fr: 'un texte', en: 'a text' };
const FOLDER = { fr: 'un dossier', en: 'a folder' };
const HTTP_EXPECTED = {
  fr: 'une adresse http:// ou https://',
  en: 'an http:// or https:// address',
};
const PG_EXPECTED = {
  fr: 'une adresse postgres://compte:secret@hôte:port/base',
  en: 'an address postgres://user:password@host:port/database',
};
const http = url(['http:', 'https:']);
const postgres = url(['postgres:', 'postgresql:']);
const hostPort = /^[^\s:,/]+:\d{1,5}$/;

const served = {
  RELANCE_HOME: {
    schema: text,
    fallback: '.relance',
    meaning: { fr: 'données, secrets et run.json', en: 'data, secrets and run.json' },
    expected: FOLDER,
  },
  RELANCE_WORKSPACE: {
    schema: text,
    fallback: 'scenarios',
    meaning: { fr: "dossier de l'espace de travail", en: 'folder of the workspace' },
    expected: FOLDER,
  },
  HOST: {
    schema: text,
    fallback: '127.0.0.1',
    meaning: { fr: 'adresse où le serveur écoute', en: 'address the server listens on' },
    expected: { fr: "une adresse ou un nom d'hôte", en: 'an address or a host name' },
  },
  PORT: {
    schema: port,
    fallback: '8080',
    meaning: { fr: 'console, API et collecte', en: 'console, API and capture' },
    expected: PORT_EXPECTED,
  },
  PUBLIC_URL: {
    schema: http,
    meaning: { fr: 'base des liens dans les messages', en: 'base of links in messages' },
    expected: HTTP_EXPECTED,
  },
  DATABASE_URL: {
    schema: postgres,
    meaning: {
      fr: 'PostgreSQL externe (sinon embarqué)',
      en: 'external PostgreSQL (else embedded)',
    },
    expected: PG_EXPECTED,
    secret: 'url',
  },
  KAFKA_BROKERS: {
    schema: text
      .transform((value) => value.split(',').map((broker) => broker.trim()))
      .pipe(z.array(z.string().regex(hostPort)).min(1)),
    meaning: { fr: 'Kafka externe (sinon embarqué)', en: 'external Kafka (else embedded)' },
    expected: { fr: 'hôte:port, séparés par des virgules', en: 'host:port, separated by commas' },
  },
  TEMPORAL_ADDRESS: {
    schema: text.regex(hostPort),
    meaning: { fr: 'Temporal externe (sinon embarqué)', en: 'external Temporal (else embedded)' },
    expected: { fr: 'hôte:port', en: 'host:port' },
  },
  TEMPORAL_NAMESPACE: {
    schema: text,
    fallback: 'default',
    meaning: { fr: 'espace de noms Temporal', en: 'Temporal namespace' },
    expected: ANY,
  },
  CLICKHOUSE_URL: {
    schema: http,
    meaning: {
      fr: 'ClickHouse externe (sinon embarqué)',
      en: 'external ClickHouse (else embedded)',
    },
    expected: HTTP_EXPECTED,
    secret: 'url',
  },
  CLICKHOUSE_PORT: {
    schema: port,
    fallback: '8123',
    meaning: { fr: 'ClickHouse embarqué, en HTTP', en: 'embedded ClickHouse over HTTP' },
    expected: PORT_EXPECTED,
  },
  SMTP_URL: {
    schema: url(['smtp:', 'smtps:']),
    meaning: { fr: 'envoi réel des e-mails (sinon bac à sable)', en: 'real e-mail (else sandbox)' },
    expected: {
      fr: 'une adresse smtp://compte:secret@hôte:port',
      en: 'an address smtp://user:password@host:port',
    },
    secret: 'url',
  },
  SMTP_SANDBOX_PORT: {
    schema: port,
    fallback: '1025',
    meaning: { fr: 'bac à sable des e-mails', en: 'sandbox mailbox' },
    expected: PORT_EXPECTED,
  },
  TWILIO_ACCOUNT_SID: {
    schema: text,
    meaning: { fr: 'envoi réel des SMS (sinon bac à sable)', en: 'real SMS (else sandbox)' },
    expected: ANY,
  },
  TWILIO_AUTH_TOKEN: {
    schema: text,
    meaning: { fr: 'secret du compte Twilio', en: "the Twilio account's secret" },
    expected: ANY,
    secret: 'value',
  },
  TWILIO_API_URL: {
    schema: http,
    meaning: { fr: "autre adresse pour l'API Twilio", en: 'another address for the Twilio API' },
    expected: HTTP_EXPECTED,
  },
  RELANCE_PARTITIONS: {
    schema: text.regex(/^\d+$/).transform(Number).pipe(z.number().int().min(1).max(256)),
    fallback: '12',
    meaning: {
      fr: 'partitions du journal, fixées au premier démarrage',
      en: 'partitions of the log, fixed at first start',
    },
    expected: { fr: 'un nombre de 1 à 256', en: 'a number from 1 to 256' },
  },
  RELANCE_CLOCK: {
    schema: text.transform(parseClock).refine((value) => value !== undefined),
    fallback: 'wall',
    meaning: { fr: 'horloge des attentes et des délais', en: 'clock of waits and windows' },
    expected: {
      fr: 'wall, ou DÉBUT@VITESSE comme 2026-11-02T09:00:00+01:00@1440 (DÉBUT peut être now, VITESSE va de 1 à 100000)',
      en: 'wall, or START@SPEED as 2026-11-02T09:00:00+01:00@1440 (START may be now, SPEED is 1 to 100000)',
    },
  },
  LOG_LEVEL: {
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
    fallback: 'info',
    meaning: { fr: 'détail du journal', en: 'detail of the log' },
    expected: {
      fr: 'debug, info, warn, error ou silent',
      en: 'debug, info, warn, error or silent',
    },
  },
} as const satisfies Record<string, Variable>;

const internal = {
  RELANCE_EMBEDDED_DATABASE_URL: {
    schema: postgres,
    meaning: { fr: 'PostgreSQL embarqué', en: 'embedded PostgreSQL' },
    expected: PG_EXPECTED,
    secret: 'url',
    internal: true,
  },
  RELANCE_EMBEDDED_CLICKHOUSE_URL: {
    schema: http,
    meaning: { fr: 'ClickHouse embarqué', en: 'embedded ClickHouse' },
    expected: HTTP_EXPECTED,
    secret: 'url',
    internal: true,
  },
  RELANCE_EMPTY: {
    schema: flag,
    fallback: '0',
    meaning: { fr: "démarrer sans l'exemple", en: 'start without the sample' },
    expected: FLAG_EXPECTED,
    internal: true,
  },
  RELANCE_SUPERVISED: {
    schema: flag,
    fallback: '0',
    meaning: { fr: 'lancé par le superviseur', en: 'started by the supervisor' },
    expected: FLAG_EXPECTED,
    internal: true,
  },
} as const satisfies Record<string, Variable>;

/** Every variable that Relance reads, in the order they are shown. */
export const VARIABLES = { ...served, ...internal };

/** Name of a variable. */
export type VariableName = keyof typeof VARIABLES;

/** The variables as read, by name; undefined where not set. */
export type ReadVariables = {
  readonly [Name in VariableName]: z.output<(typeof VARIABLES)[Name]['schema']> | undefined;
};
