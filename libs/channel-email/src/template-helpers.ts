import Handlebars from 'handlebars';
import { formatDate, formatMoney, formatNumber, type Format } from './format.js';
import { MissingVariable, RenderFailure } from './render-failure.js';
import { PATH_KEY, REQUIRED_HELPER } from './template-syntax.js';

/** What one rendering may still spend, and how it formats. */
export interface RenderState {
  charactersLeft: number;
  iterationsLeft: number;
  readonly format: Format;
}

type Options = Handlebars.HelperOptions & { hash: Record<string, unknown>; data: unknown };

/** The names Handlebars may call; every other name is a path or an error. */
export const KNOWN_HELPERS = {
  if: true,
  unless: true,
  each: true,
  with: true,
  money: true,
  date: true,
  number: true,
  default: true,
  eq: true,
  ne: true,
  and: true,
  or: true,
  not: true,
  [REQUIRED_HELPER]: true,
} as unknown as KnownHelpers;

/** An environment of its own: nothing that another user of Handlebars registers is seen here. */
export function createEnvironment(): typeof Handlebars {
  const environment = Handlebars.create();
  environment.unregisterHelper('log');
  environment.unregisterHelper('lookup');
  environment.registerHelper({
    [REQUIRED_HELPER]: (value: unknown, options: Options) => written(value, options),
    money: (...parameters: unknown[]) => {
      const { values, options } = split(parameters);
      const [amount, currency] = values;
      return spend(
        formatMoney(
          present(amount, options),
          currency ?? options.hash['currency'],
          formatOf(options),
        ),
        options,
      );
    },
    date: (value: unknown, options: Options) =>
      spend(formatDate(present(value, options), options.hash['style'], formatOf(options)), options),
    number: (value: unknown, options: Options) =>
      spend(
        formatNumber(present(value, options), options.hash['digits'], formatOf(options)),
        options,
      ),
    default: (value: unknown, fallback: unknown, options: Options) =>
      written(isHole(value) ? fallback : value, options),
    eq: (left: unknown, right: unknown) => left === right,
    ne: (left: unknown, right: unknown) => left !== right,
    and: (...parameters: unknown[]) => split(parameters).values.every(isTruthy),
    or: (...parameters: unknown[]) => split(parameters).values.some(isTruthy),
    not: (value: unknown) => !isTruthy(value),
    each,
    with: function withHelper(this: unknown, value: unknown, options: Options): string {
      if (isTruthy(value)) {
        return options.fn(value, { data: options.data, blockParams: [value] });
      }
      return options.inverse(this);
    },
  } as unknown as Handlebars.HelperDeclareSpec);
  return environment;
}

/** Over a list only; a list that is not there is a hole, an empty one takes the `else`. */
function each(this: unknown, list: unknown, options: Options): string {
  if (list === null || list === undefined) throw new MissingVariable(pathOf(options));
  if (!Array.isArray(list)) throw new RenderFailure('#each needs a list', pathOf(options));
  if (list.length === 0) return options.inverse(this);
  const state = stateOf(options);
  let text = '';
  for (const [index, item] of list.entries()) {
    state.iterationsLeft -= 1;
    if (state.iterationsLeft < 0) throw new RenderFailure('too many items', pathOf(options));
    const data = Handlebars.createFrame(options.data as object) as Record<string, unknown>;
    data['index'] = index;
    data['first'] = index === 0;
    data['last'] = index === list.length - 1;
    const left = state.charactersLeft;
    const part = options.fn(item, { data, blockParams: [item, index] });
    // What the helpers within wrote is paid for; the text around them is not yet.
    spendCharacters(part.length - (left - state.charactersLeft), options);
    text += part;
  }
  return text;
}

function written(value: unknown, options: Options): string {
  const whole = present(value, options);
  if (typeof whole === 'string') return spend(whole, options);
  if (typeof whole === 'number' || typeof whole === 'boolean') return spend(String(whole), options);
  throw new RenderFailure('not a text or a number', pathOf(options));
}

function present(value: unknown, options: Options): unknown {
  if (isHole(value)) throw new MissingVariable(pathOf(options));
  return value;
}

function isHole(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return value.trim() === '';
  return typeof value === 'number' && !Number.isFinite(value);
}

function isTruthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function split(parameters: readonly unknown[]): { values: unknown[]; options: Options } {
  return { values: parameters.slice(0, -1), options: parameters.at(-1) as Options };
}

function pathOf(options: Options): string {
  const path = options.hash[PATH_KEY];
  return typeof path === 'string' ? path : '';
}

function stateOf(options: Options): RenderState {
  return (options.data as { state: RenderState }).state;
}

function formatOf(options: Options): Format {
  return { ...stateOf(options).format, path: pathOf(options) };
}

function spend(text: string, options: Options): string {
  spendCharacters(text.length, options);
  return text;
}

function spendCharacters(characters: number, options: Options): void {
  const state = stateOf(options);
  state.charactersLeft -= characters;
  if (state.charactersLeft < 0) throw new RenderFailure('the text outgrows its bound');
}
