/** Nest's name for the engine: `@Inject(ENGINE) engine: Engine`. */
export const ENGINE = Symbol('engine');
