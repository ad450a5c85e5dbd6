import { Database, PostgresCrmLinks, PostgresCrmOutbox } from '#libs/adapter-postgres';
import { CrmConnectorRunner } from '#libs/application';
import { FileConnector } from '#libs/crm-file';
import { crmConfig } from './config.js';

// A process that writes the out files and dies by SIGKILL where it is told: at the moment of that
// name, in the file of that count.
const [url = '', folder = '', format = 'jsonl', dieAt = '', inFile = '1'] = process.argv.slice(2);
const database = new Database({ url, maxConnections: 2 });
const config = crmConfig({ format: format === 'csv' ? 'csv' : 'jsonl' });
let met = 0;
const runner = new CrmConnectorRunner({
  workspace: () => ({
    connectors: [config],
    locale: 'fr',
    timezone: 'Europe/Paris',
    campaignName: (scenario) => scenario,
  }),
  connect: () =>
    new FileConnector({
      config,
      folder,
      files: new PostgresCrmLinks(database),
      wallMs: Date.now,
      maxBatch: 7,
      atPoint: (point) => {
        if (point === dieAt) met += 1;
        if (point === dieAt && met === Number(inFile)) process.kill(process.pid, 'SIGKILL');
      },
    }),
  intake: { take: () => Promise.resolve({ fresh: 0, refusals: [] }) },
  outbox: new PostgresCrmOutbox(database),
  hold: () => Promise.resolve(true),
  wallMs: Date.now,
});
while ((await runner.runOnce(new AbortController().signal)) > 0);
await database.close();
