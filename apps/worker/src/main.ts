import 'reflect-metadata';
import { loadConfig } from '#libs/config';
import { exitWithParent, reportReady } from '#libs/embedded';
import { NestFactory } from '@nestjs/core';
import { jsonLogger } from './logger.js';
import { WorkerModule } from './worker.module.js';

async function main(): Promise<void> {
  const config = loadConfig();
  const logger = jsonLogger(config.logLevel);
  const app = await NestFactory.createApplicationContext(WorkerModule, { logger });
  app.enableShutdownHooks();
  exitWithParent(() => app.close());
  reportReady();
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${JSON.stringify({ level: 'error', msg: message })}\n`);
  process.exit(1);
});
