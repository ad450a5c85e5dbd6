import { ActiveWorkspace, profileSettings, type ProfileSettings } from '#libs/application';
import { PostgresPublishedWorkspaces, type Database } from '#libs/adapter-postgres';
import { normalisePhone } from '#libs/channel-sms';
import type { ZonedCalendar } from '#libs/policy';

/** The published workspace as this process uses it: rules of the profile store beside the rest. */
export type ApiWorkspace = ActiveWorkspace<ProfileSettings>;

const DAY_MS = 86_400_000;
const REFRESH_MS = 1_000;

/** Follows what is published: looked for once a second, taken over as a whole. */
export class WorkspaceWatch {
  readonly workspace: ApiWorkspace;
  private timer: NodeJS.Timeout | undefined;
  private refreshing: Promise<void> | undefined;

  constructor(database: Database, calendar: ZonedCalendar) {
    this.workspace = new ActiveWorkspace(
      new PostgresPublishedWorkspaces(database),
      ({ compiled }) => Promise.resolve(profileSettings(compiled, calendar, normalisePhone)),
      (date, zone) =>
        calendar.dayStartMs(Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS), zone),
    );
  }

  /** Loads what is published now, then goes on looking. */
  async start(onFault: (error: unknown) => void): Promise<void> {
    await this.refresh(onFault);
    this.timer = setInterval(() => void this.refresh(onFault), REFRESH_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.refreshing;
  }

  private async refresh(onFault: (error: unknown) => void): Promise<void> {
    this.refreshing ??= this.workspace
      .refresh()
      .then(() => undefined, onFault)
      .finally(() => (this.refreshing = undefined));
    await this.refreshing;
  }
}
