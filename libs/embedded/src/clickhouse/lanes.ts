import type { Limits } from './settings.js';
import type { GateOptions } from './gate.js';

/** A kind of query, with its own sessions, limits and share of the machine. */
export type LaneName = 'insert' | 'admin' | 'application' | 'analyst' | 'metadata';

/** What a lane allows. */
export interface Lane extends GateOptions {
  readonly readonly: boolean;
  /** Settings of each of its sessions. */
  readonly limits: Limits;
}

const MEBIBYTE = 1024 * 1024;

const reading: Limits = {
  max_memory_usage: 512 * MEBIBYTE,
  max_bytes_before_external_group_by: 192 * MEBIBYTE,
  max_bytes_before_external_sort: 192 * MEBIBYTE,
  max_threads: 2,
  timeout_before_checking_execution_speed: 0,
};

/**
 * Writing has sessions of its own, so that no query is ever in its way; analysts run two heavy
 * queries at once, at a lower priority of the operating system.
 */
export const LANES: Readonly<Record<LaneName, Lane>> = {
  insert: {
    atOnce: 3,
    waiting: 256,
    waitMs: 60_000,
    readonly: false,
    limits: { max_memory_usage: 512 * MEBIBYTE, max_insert_threads: 1, max_threads: 2 },
  },
  admin: { atOnce: 1, waiting: 64, waitMs: 300_000, readonly: false, limits: { max_threads: 1 } },
  application: {
    atOnce: 3,
    waiting: 128,
    waitMs: 60_000,
    readonly: true,
    limits: { ...reading, max_execution_time: 60 },
  },
  analyst: {
    atOnce: 2,
    waiting: 16,
    waitMs: 60_000,
    readonly: true,
    limits: { ...reading, max_execution_time: 30, os_thread_priority: 10, max_threads: 1 },
  },
  metadata: {
    atOnce: 1,
    waiting: 64,
    waitMs: 30_000,
    readonly: true,
    limits: { ...reading, max_execution_time: 10, max_threads: 1 },
  },
};

/** Threads that the lanes may hold at once, and some for the rest of the process. */
export const THREADS = Object.values(LANES).reduce((sum, { atOnce }) => sum + atOnce, 0) + 6;
