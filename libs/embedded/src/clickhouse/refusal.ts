/** A refusal in ClickHouse's own words: number and name of the exception, and a sentence. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: number,
    readonly label: string,
    message: string,
  ) {
    super(message);
  }
}

/** Exceptions that the front itself raises. */
export const refuse = {
  syntax: (message: string) => new Refusal(62, 'SYNTAX_ERROR', message),
  accessDenied: (message: string) => new Refusal(497, 'ACCESS_DENIED', message),
  readonly: (message: string) => new Refusal(164, 'READONLY', message),
  badArguments: (message: string) => new Refusal(36, 'BAD_ARGUMENTS', message),
  tooLarge: (message: string) => new Refusal(307, 'TOO_MANY_BYTES', message),
  queryTooLarge: (message: string) => new Refusal(66, 'QUERY_IS_TOO_LARGE', message),
  tooManyQueries: (message: string) => new Refusal(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', message),
  timeout: (message: string) => new Refusal(159, 'TIMEOUT_EXCEEDED', message),
  cancelled: (message: string) => new Refusal(394, 'QUERY_WAS_CANCELLED', message),
  authentication: (message: string) => new Refusal(516, 'AUTHENTICATION_FAILED', message),
  passwordRequired: (message: string) => new Refusal(194, 'REQUIRED_PASSWORD', message),
  unknownParameter: (message: string) => new Refusal(456, 'UNKNOWN_QUERY_PARAMETER', message),
  unsupported: (message: string) => new Refusal(48, 'NOT_IMPLEMENTED', message),
  stopping: (message: string) => new Refusal(236, 'ABORTED', message),
} as const;

/** What a failure is to a client: number, text as ClickHouse writes it, and HTTP status. */
export interface Failure {
  readonly code: number;
  readonly text: string;
  readonly status: number;
}

const STATUS_BY_CODE: ReadonlyMap<number, number> = new Map([
  ...[6, 26, 27, 36, 38, 41, 43, 44, 46, 47, 53, 62, 69, 70, 72, 117, 130, 352, 386, 456].map(
    (code): [number, number] => [code, 400],
  ),
  ...[16, 60, 81].map((code): [number, number] => [code, 404]),
  ...[164, 497, 516].map((code): [number, number] => [code, 403]),
  [66, 413],
  [307, 413],
  [48, 501],
  [159, 408],
  [194, 401],
  [202, 503],
  [236, 503],
]);

/** The version that the front reports for itself and the engine. */
function written(code: number, message: string, label: string): string {
  return `Code: ${code}. DB::Exception: ${message}. (${label})`;
}

/** What a client is told of an error from the engine or the front. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Refusal) {
    const text = written(error.code, error.message, error.label);
    return { code: error.code, text, status: STATUS_BY_CODE.get(error.code) ?? 500 };
  }
  const message = error instanceof Error ? error.message : String(error);
  const code = Number(/Code: (\d+)\./.exec(message)?.[1] ?? 1002);
  const text = code === 1002 ? written(code, message, 'UNKNOWN_EXCEPTION') : message;
  return { code, text, status: STATUS_BY_CODE.get(code) ?? 500 };
}
