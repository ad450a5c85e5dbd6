/** A value the template writes is not there: the message must not leave with a hole. */
export class MissingVariable extends Error {
  constructor(readonly variable: string) {
    super(`${variable} has no value`);
  }
}

/** A value that is there and cannot be written, or a text that outgrows its bound. */
export class RenderFailure extends Error {
  constructor(
    message: string,
    readonly variable?: string,
  ) {
    super(message);
  }
}
