import type {
  API,
  ApiBodyInput,
  ApiOperation,
  ApiQueryInput,
  ApiResponse,
  ProblemDocument,
} from '#libs/contracts';
import type { Locale } from '../i18n/locale.js';

/**
 * The operations that the console calls. Checked against the inventory, whose schemas stay on the
 * server: only their types are used here.
 */
const OPERATIONS = {
  me: 'GET /api/me',
  signIn: 'POST /api/sign-in',
  signOut: 'POST /api/sign-out',
  today: 'GET /api/today',
  scenarios: 'GET /api/scenarios',
  scenario: 'GET /api/scenarios/:id',
  scenarioSource: 'GET /api/scenarios/:id/source',
  scenarioPeople: 'GET /api/scenarios/:id/people',
  results: 'GET /api/results/:scenario',
  people: 'GET /api/people',
  person: 'GET /api/people/:id',
  timeline: 'GET /api/people/:id/timeline',
  accounts: 'GET /api/accounts',
  account: 'GET /api/accounts/:id',
  tasks: 'GET /api/tasks',
  closeTask: 'POST /api/tasks/:id/close',
  decisions: 'GET /api/decisions',
  decision: 'GET /api/decisions/:id',
  sandboxMessages: 'GET /api/sandbox/messages',
  sandboxMessage: 'GET /api/sandbox/messages/:id',
  deadLetters: 'GET /api/dead-letters',
  replayDeadLetters: 'POST /api/dead-letters/replay',
  dismissDeadLetters: 'POST /api/dead-letters/dismiss',
  draft: 'GET /api/draft',
  draftFile: 'GET /api/draft/file',
  saveDraft: 'PUT /api/draft/file',
  startDraft: 'POST /api/draft/scenarios',
  discardDraft: 'POST /api/draft/discard',
  lintDraft: 'POST /api/draft/lint',
  planDraft: 'POST /api/draft/plan',
  publishDraft: 'POST /api/draft/publish',
  explain: 'GET /api/explain',
  pauses: 'GET /api/pauses',
  pause: 'POST /api/pauses',
  enrolments: 'GET /api/enrolments',
  troubles: 'GET /api/enrolments/troubles',
  actOnEnrolments: 'POST /api/enrolments/act',
  operatorActs: 'GET /api/operator-acts',
  coverage: 'GET /api/scenarios/:id/coverage',
  status: 'GET /api/status',
  tables: 'GET /api/tables',
} as const satisfies {
  [Name in ApiOperation]?: `${(typeof API)[Name]['method']} ${(typeof API)[Name]['path']}`;
};

/** An operation that the console calls. */
export type Operation = keyof typeof OPERATIONS;

/** Refused, failed, or not reached: `problem` is null where the server did not answer in its words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly problem: Partial<ProblemDocument> | null,
  ) {
    super(problem?.detail ?? problem?.title ?? `HTTP ${status}`);
  }
}

/** What an operation is asked. */
export interface Asked<Name extends Operation> {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: ApiQueryInput<Name>;
  readonly body?: ApiBodyInput<Name>;
  readonly signal?: AbortSignal;
}

function addressOf(path: string, asked: Asked<Operation>): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(asked.params?.[name] ?? ''),
  );
  const query = new URLSearchParams();
  const given = Object.entries((asked.query ?? {}) as Record<string, string | number | undefined>);
  for (const [name, value] of given) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  return query.size === 0 ? filled : `${filled}?${query.toString()}`;
}

async function problemOf(response: Response): Promise<Partial<ProblemDocument> | null> {
  if (!(response.headers.get('content-type') ?? '').includes('json')) return null;
  return (await response.json().catch(() => null)) as Partial<ProblemDocument> | null;
}

/** Calls an operation; throws `ApiError` where it is refused, fails or is not reached. */
export async function call<Name extends Operation>(
  locale: Locale,
  operation: Name,
  asked: Asked<Name> = {},
): Promise<ApiResponse<Name>> {
  const [method = 'GET', path = ''] = OPERATIONS[operation].split(' ');
  const hasBody = asked.body !== undefined;
  const response = await fetch(addressOf(path, asked), {
    method,
    headers: {
      accept: 'application/json',
      'accept-language': locale,
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
    },
    ...(hasBody ? { body: JSON.stringify(asked.body) } : {}),
    ...(asked.signal === undefined ? {} : { signal: asked.signal }),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, null);
  });
  if (!response.ok) throw new ApiError(response.status, await problemOf(response));
  return (await response.json()) as ApiResponse<Name>;
}
