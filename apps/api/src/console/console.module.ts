import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import type { FastifyInstance } from 'fastify';
import { ClickHouseReader, connect } from '#libs/adapter-clickhouse';
import { keyedPseudonyms } from '#libs/application';
import { hasSample, loadConfig, type Config } from '#libs/config';
import { SAMPLE_REPS } from '#libs/sample';
import { analyticsAddress } from '../engine/analytics.js';
import type { Engine } from '../engine/engine.js';
import { faultFields } from '../engine/json-log.js';
import { ENGINE } from '../engine/token.js';
import { CONSOLE, tellCommands } from './commands/command.js';
import { COMMAND_HANDLERS } from './commands/handlers.js';
import { createConsole, type Console } from './create-console.js';
import { demoLogins, type ConsoleLogin } from './demo-users.js';
import { serveConsole } from './serve-console.js';
import { diskOf, probeEngines } from './probe.js';

const ANALYTICS_TIMEOUT_MS = 10_000;

function versionOf(config: Config): string {
  const text = readFileSync(join(config.checkoutDir, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function consoleOf(engine: Engine, config: Config): Console {
  const { secrets, publicUrl } = engine.settings;
  const address = analyticsAddress(config, secrets);
  const client = connect({ ...address, timeoutMs: ANALYTICS_TIMEOUT_MS });
  const analytics = new ClickHouseReader(client);
  const { database, clock, calendar, capture, eventLog, workspace } = engine;
  const pseudonyms = keyedPseudonyms(secrets.suppressionKey);
  return createConsole({
    database,
    log: eventLog,
    clock,
    calendar,
    workspace,
    analytics,
    tables: address,
    publicUrl,
    homeKey: secrets.apiKey,
    version: versionOf(config),
    isSample: hasSample(config),
    hashAddress: (channel, value) => pseudonyms.hash(channel, value),
    takeEvent: (message) =>
      capture.take(
        { body: message, type: 'track', hasEscapes: true },
        { source: 'api', isProgram: true },
      ),
    probe: () => probeEngines({ config, database, analytics }),
    disk: () => diskOf(config.homeDir),
    wallMs: Date.now,
    elapsedMs: () => performance.now(),
  });
}

/** The console's API, on the same server as everything else. */
@Module({
  imports: [CqrsModule],
  providers: [
    {
      provide: CONSOLE,
      useFactory: (engine: Engine) => consoleOf(engine, loadConfig()),
      inject: [ENGINE],
    },
    ...COMMAND_HANDLERS,
  ],
})
export class ConsoleModule implements OnModuleInit {
  constructor(
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(CONSOLE) private readonly console: Console,
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  async onModuleInit(): Promise<void> {
    const { log } = this.engine;
    const { console, commands } = this;
    tellCommands(commands, (fields) => log.info('a command of the console', fields));
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    await serveConsole(
      server,
      { console, commands },
      {
        onFault: (error, instance) =>
          log.error('a console request failed', { ...faultFields(error), instance }),
      },
    );
  }

  /** Ways in for the ready message; empty without the sample. */
  async logins(): Promise<readonly ConsoleLogin[]> {
    const { access, options } = this.console;
    if (!options.isSample) return [];
    return await demoLogins(access, {
      secret: this.engine.settings.secrets.sessionSecret,
      publicUrl: options.publicUrl,
      // At the first start nothing is loaded yet: who the reps are is known all the same.
      reps: [...SAMPLE_REPS.map(({ email }) => email), ...(await this.console.owners())],
    });
  }
}
