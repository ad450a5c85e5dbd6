import type { Engine } from '../engine/engine.js';
import { readiness } from './readiness.js';

interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function metric(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  samples: readonly Sample[],
): string {
  const lines = samples.map(({ labels = {}, value }) => {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
}

async function lagByGroup(engine: Engine): Promise<readonly Sample[]> {
  const rows = await engine.database.query<{ consumer: string; topic: string; lag: number }>(
    `SELECT o.consumer, o.topic, sum(h.next_offset - o.next_offset)::bigint AS lag
     FROM log_offset o JOIN log_head h USING (topic, part) GROUP BY o.consumer, o.topic
     ORDER BY o.consumer, o.topic`,
  );
  return rows.rows.map(({ consumer, topic, lag }) => ({
    labels: { group: consumer, topic },
    value: lag,
  }));
}

/** This process's figures in Prometheus' text format; without the log's where the store is down. */
export async function metricsText(engine: Engine): Promise<string> {
  const { capture, clock } = engine;
  const lag = await lagByGroup(engine).catch((): readonly Sample[] => []);
  const { parts } = await readiness(engine);
  const ready = Object.entries(parts).map(([part, { state }]) => ({
    labels: { part },
    value: state === 'ready' ? 1 : 0,
  }));
  const rejected = [...capture.rejected].map(([code, value]) => ({ labels: { code }, value }));
  const memory = process.memoryUsage.rss();
  return [
    metric('relance_capture_accepted_total', 'counter', 'Events accepted.', [
      { value: capture.accepted },
    ]),
    metric('relance_capture_rejected_total', 'counter', 'Events refused, by code.', rejected),
    metric('relance_capture_queue_events', 'gauge', 'Events waiting for the disk.', [
      { value: capture.queueDepth },
    ]),
    metric(
      'relance_part_ready',
      'gauge',
      '1 where the part does its work, as /readyz says.',
      ready,
    ),
    metric('relance_log_lag_records', 'gauge', 'Records a consumer has still to read.', lag),
    metric('relance_clock_speed', 'gauge', 'Seconds of the engine in a second of the wall.', [
      { value: clock.speed },
    ]),
    metric('relance_process_resident_bytes', 'gauge', 'Memory of the api.', [{ value: memory }]),
  ].join('');
}
