import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, type ProcessIdentity } from '../process/identity.js';

/** A process that a supervisor started, by its part. */
export interface ChildRecord extends ProcessIdentity {
  readonly role: string;
}

const pathOf = (homeDir: string): string => join(homeDir, 'children.json');

function isRecord(value: unknown): value is ChildRecord {
  const record = value as Partial<ChildRecord> | null;
  return (
    typeof record?.role === 'string' &&
    typeof record.pid === 'number' &&
    typeof record.startTime === 'string'
  );
}

/** The children that a supervisor of this home wrote down and that live still. */
export function livingChildren(homeDir: string): readonly ChildRecord[] {
  try {
    const read: unknown = JSON.parse(readFileSync(pathOf(homeDir), 'utf8'));
    return Array.isArray(read) ? read.filter(isRecord).filter(isAlive) : [];
  } catch {
    return [];
  }
}

/** Keeps `children.json` of a home: what the next supervisor must know if this one is killed. */
export interface ChildrenFile {
  /** The part's process now. Written to disk before this returns. */
  record(role: string, identity: ProcessIdentity): void;
  /** The part has no process any more. */
  forget(role: string): void;
}

/** Starts an empty table of children in the home. */
export function childrenFile(homeDir: string): ChildrenFile {
  const children = new Map<string, ChildRecord>();
  const write = (): void => {
    const aside = `${pathOf(homeDir)}.${process.pid}`;
    writeFileSync(aside, `${JSON.stringify([...children.values()], null, 2)}\n`, { mode: 0o600 });
    renameSync(aside, pathOf(homeDir));
  };
  return {
    record(role, { pid, startTime }) {
      children.set(role, { role, pid, startTime });
      write();
    },
    forget(role) {
      if (children.delete(role)) write();
    },
  };
}
