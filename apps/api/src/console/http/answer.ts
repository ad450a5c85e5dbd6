import type {
  API,
  ApiBody,
  ApiOperation,
  ApiQuery,
  ApiRefusal,
  ApiRefusalName,
  ApiResponse,
} from '#libs/contracts';
import type { Principal } from '#libs/application';
import type { Locale } from '#libs/kernel';

/** What a handler is called with: checked, and allowed to this caller. */
export interface ApiCall<Operation extends ApiOperation> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: ApiQuery<Operation>;
  readonly body: ApiBody<Operation>;
  /** Text of an NDJSON body. */
  readonly text: string;
  /** Null on routes for anyone. */
  readonly principal: Principal | null;
  readonly sessionToken: string | null;
  readonly locale: Locale;
  /** Address the request comes from. */
  readonly address: string;
  /** True for HEAD: nothing may be used up. */
  readonly isPeek: boolean;
  /** Adds a header to the answer. */
  readonly setHeader: (name: string, value: string) => void;
}

/** Sends the caller elsewhere. */
export interface Redirect {
  readonly redirect: string;
}

type Good<Operation extends ApiOperation> = (typeof API)[Operation]['response'] extends 'redirect'
  ? Redirect
  : { readonly value: ApiResponse<Operation> };

/** An answer, or a refusal. */
export type ApiAnswer<Operation extends ApiOperation> = Good<Operation> | ApiRefusal;

/** One handler for each operation: a route without one does not compile. */
export type ApiHandlers = {
  readonly [Operation in ApiOperation]: (call: ApiCall<Operation>) => Promise<ApiAnswer<Operation>>;
};

/** A good answer. */
export function answer<Value>(value: Value): { readonly value: Value } {
  return { value };
}

/** A refusal. */
export function refuse(
  refusal: ApiRefusalName,
  params: ApiRefusal['params'] = {},
  extra: ApiRefusal['extra'] = {},
): ApiRefusal {
  return { refusal, params, extra };
}
