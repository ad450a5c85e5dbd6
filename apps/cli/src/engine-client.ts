import { readRunFile, type Config } from '#libs/config';
import type {
  ApiBodyInput,
  ApiOperation,
  ApiQueryInput,
  ApiResponse,
  ProblemDocument,
} from '#libs/contracts';
import { API } from '#libs/contracts';
import type { Locale } from '#libs/kernel';
import { CliError, EXIT } from './cli-error.js';

/** What a request to the engine carries. */
export interface EngineAsk<Operation extends ApiOperation> {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Partial<ApiQueryInput<Operation>>;
  readonly body?: ApiBodyInput<Operation>;
  /** Text of an NDJSON body. */
  readonly text?: string;
}

const TIMEOUT_MS = 120_000;

function notRunning(homeDir: string): CliError {
  return new CliError(
    EXIT.unreachable,
    {
      fr: `Relance ne tourne pas dans ${homeDir}.`,
      en: `Relance does not run in ${homeDir}.`,
    },
    {
      fr: 'Démarrez-le par « relance up », ou donnez un autre dossier par RELANCE_HOME.',
      en: 'Start it with "relance up", or name another folder by RELANCE_HOME.',
    },
  );
}

function noAnswer(url: string): CliError {
  return new CliError(
    EXIT.unreachable,
    { fr: `Relance ne répond pas à ${url}.`, en: `Relance does not answer at ${url}.` },
    {
      fr: 'Attendez la fin du démarrage ou relancez « relance up » ; puis « relance doctor ».',
      en: 'Wait for the start to end or run "relance up" again; then "relance doctor".',
    },
  );
}

/** The running engine of a home, through its API. */
export class EngineClient {
  private constructor(
    readonly url: string,
    private readonly key: string,
    private readonly locale: Locale,
  ) {}

  /** Finds the engine by the home's run.json; exit code 3 where none runs. */
  static open(config: Config, locale: Locale): EngineClient {
    const run = readRunFile(config.homeDir);
    if (run === undefined) throw notRunning(config.homeDir);
    return new EngineClient(run.url, run.apiKey, locale);
  }

  /** Calls an operation of the API. Refusals become errors with the engine's own words. */
  async call<Operation extends ApiOperation>(
    operation: Operation,
    ask: EngineAsk<Operation> = {},
  ): Promise<ApiResponse<Operation>> {
    const { method, path } = API[operation];
    const { params = {}, query = {}, body, text } = ask;
    const filled = path.replace(/:(\w+)/g, (_, name: string) =>
      encodeURIComponent(params[name] ?? ''),
    );
    const url = new URL(filled, this.url);
    for (const [name, value] of Object.entries(query)) {
      if (typeof value === 'string' || typeof value === 'number') {
        url.searchParams.set(name, String(value));
      }
    }
    const isLines = text !== undefined;
    const payload = isLines ? text : body === undefined ? undefined : JSON.stringify(body);
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        'accept-language': this.locale,
        ...(payload === undefined
          ? {}
          : { 'content-type': isLines ? 'application/x-ndjson' : 'application/json' }),
      },
      ...(payload === undefined ? {} : { body: payload }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => {
      throw noAnswer(this.url);
    });
    const answer = await response.text().catch(() => {
      throw noAnswer(this.url);
    });
    if (!response.ok) throw refusalOf(response.status, answer, this.url);
    return JSON.parse(answer) as ApiResponse<Operation>;
  }
}

/** The engine's refusal: already in the language asked for. Problems of a workspace come along. */
export class EngineRefusal extends CliError {
  constructor(
    exitCode: 1 | 3,
    readonly document: ProblemDocument,
  ) {
    const same = (text: string) => ({ fr: text, en: text });
    const { hint, detail, code, issues = [] } = document;
    const where = issues.map(({ path, message }) => `\n  ${path}: ${message}`).join('');
    super(exitCode, same(`${detail}${where}`), hint === undefined ? undefined : same(hint), code);
  }
}

function refusalOf(status: number, text: string, url: string): CliError {
  try {
    const document = JSON.parse(text) as ProblemDocument;
    if (typeof document.code === 'string') {
      return new EngineRefusal(status === 503 ? EXIT.unreachable : EXIT.problems, document);
    }
  } catch {
    // Not ours: something else answers at that address.
  }
  return noAnswer(url);
}
