import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type LocalText, type Result } from '#libs/kernel';

/** Version of the layout of a home's folder. Raised when an older Relance could not read it. */
export const HOME_SCHEMA = 1;

/** What a home says of itself. */
export interface HomeStamp {
  readonly id: string;
  readonly schema: number;
  /** Versions of the embedded engines that last wrote here, by name, as `18.4`. */
  readonly engines: Readonly<Record<string, string>>;
}

const pathOf = (homeDir: string): string => join(homeDir, 'home.json');

function write(homeDir: string, stamp: HomeStamp): HomeStamp {
  const aside = `${pathOf(homeDir)}.${process.pid}`;
  writeFileSync(aside, `${JSON.stringify(stamp, null, 2)}\n`, { mode: 0o600 });
  renameSync(aside, pathOf(homeDir));
  return stamp;
}

function read(homeDir: string): HomeStamp | undefined {
  try {
    return JSON.parse(readFileSync(pathOf(homeDir), 'utf8')) as HomeStamp;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

function otherSchema(homeDir: string, schema: number): LocalText {
  const newer = schema > HOME_SCHEMA;
  return {
    fr: newer
      ? `${homeDir} a été écrit par un Relance plus récent (format ${schema}, celui-ci lit le ${HOME_SCHEMA}). Mettez Relance à jour, ou choisissez un autre RELANCE_HOME.`
      : `${homeDir} a été écrit par un Relance plus ancien (format ${schema}, celui-ci lit le ${HOME_SCHEMA}). Faites « relance backup » avec l'ancien, puis « relance restore » avec celui-ci.`,
    en: newer
      ? `${homeDir} was written by a newer Relance (format ${schema}, this one reads ${HOME_SCHEMA}). Update Relance, or choose another RELANCE_HOME.`
      : `${homeDir} was written by an older Relance (format ${schema}, this one reads ${HOME_SCHEMA}). Run "relance backup" with the older one, then "relance restore" with this one.`,
  };
}

/** The home's stamp, made at its first start. Refuses a home of another version, with what to do. */
export function openHomeStamp(homeDir: string): Result<HomeStamp, LocalText> {
  const held = read(homeDir);
  if (held === undefined) {
    return ok(write(homeDir, { id: randomUUID(), schema: HOME_SCHEMA, engines: {} }));
  }
  return held.schema === HOME_SCHEMA ? ok(held) : fail(otherSchema(homeDir, held.schema));
}

/** Notes the version of an engine that runs on the home now. */
export function stampEngine(homeDir: string, name: string, version: string): void {
  const held = read(homeDir);
  if (held === undefined || held.engines[name] === version) return;
  write(homeDir, { ...held, engines: { ...held.engines, [name]: version } });
}
