/** What the settings of a server depend on. */
export interface ServerSettings {
  /** False in tests only: a crash of the machine may then lose data, a crash of the server not. */
  readonly durable: boolean;
  readonly maxConnections: number;
}

// Sized for a machine of 2 cores that also runs the engine and ClickHouse.
const TUNING: Readonly<Record<string, string>> = {
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  // After a checkpoint each page's first change is logged whole. A bulk import writes gigabytes:
  // with the default 1GB checkpoints follow each other within seconds and most of the log is whole
  // pages. At 4GB the 15 minutes decide; the price is disk, and at most some tens of seconds of
  // replay after a crash.
  max_wal_size: '4GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  wal_compression: 'on',
  // Short statements only: compiling one costs more than running it, and two cores have no third.
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  max_worker_processes: '4',
  io_workers: '2',
  random_page_cost: '1.1',
  // Queues and outboxes turn over all day: small tables must be cleaned within seconds, not when a
  // fifth of them is dead.
  autovacuum_naptime: '15s',
  autovacuum_max_workers: '2',
  autovacuum_vacuum_scale_factor: '0.05',
  autovacuum_analyze_scale_factor: '0.05',
  autovacuum_vacuum_insert_scale_factor: '0.1',
  autovacuum_vacuum_cost_limit: '1000',
  idle_in_transaction_session_timeout: '5min',
};

const FIXED: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  // Statements and row contents may hold personal data: errors are logged without either.
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
};

/** The text of `postgresql.conf`; `local.conf` beside it, where there is one, has the last word. */
export function postgresqlConf(settings: ServerSettings): string {
  const onOff = settings.durable ? 'on' : 'off';
  const all = {
    ...FIXED,
    ...TUNING,
    max_connections: String(settings.maxConnections),
    fsync: onOff,
    synchronous_commit: onOff,
    full_page_writes: onOff,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name} = '${value}'`);
  const head = '# Written at each start. Put your own settings into local.conf, in this folder.';
  return [head, ...lines, "include_if_exists = 'local.conf'", ''].join('\n');
}

/** Who may connect: passwords only, from this machine only. */
export const pgHbaConf = [
  'host all all 127.0.0.1/32 scram-sha-256',
  'host all all ::1/128 scram-sha-256',
  '',
].join('\n');
