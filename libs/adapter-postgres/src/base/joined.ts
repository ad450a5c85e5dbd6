/** What separates texts of one parameter: JSON writes no control character, so none can hold it. */
const SEPARATOR = '\u001f';

/**
 * Texts of JSON as one parameter; `unjoin('$1')` in the statement cuts them apart again. Quoting so
 * much text as an array would cost more than storing it.
 */
export function joined(texts: readonly string[]): string {
  return texts.join(SEPARATOR);
}

/** SQL that turns a joined parameter into an array of texts. */
export function unjoin(parameter: string): string {
  return `string_to_array(${parameter}::text, E'\\x1f')`;
}
