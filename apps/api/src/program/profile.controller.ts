import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ExplainedProfile } from '#libs/application';
import type { Engine } from '../engine/engine.js';
import { ENGINE } from '../engine/token.js';
import { HttpRefusal } from '../http/problems.js';
import { enter, wrongMember } from './entry.js';

const BUDGET_MS = 50;
const LOOK_AGAIN_MS = 10;

/** `/v1/profiles/by/:ns/:id`: a profile with where everything about it comes from. */
@Controller('v1/profiles')
export class ProfileController {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}

  @Get('by/:ns/:id')
  async read(
    @Req() request: FastifyRequest,
    @Param('ns') ns: string,
    @Param('id') id: string,
    @Query('min_version') minVersion?: string,
  ): Promise<object> {
    await enter(request, this.engine);
    const least = minVersion === undefined ? 0 : Number(minVersion);
    if (!Number.isSafeInteger(least) || least < 0) {
      throw new HttpRefusal('RLN-2013', wrongMember('min_version'));
    }
    const found = await this.atLeast({ [ns]: id }, least);
    return viewOf(found);
  }

  /** The profile once it has the version asked for, within a short budget. */
  private async atLeast(ids: Record<string, string>, least: number): Promise<ExplainedProfile> {
    const { find, profiles } = this.engine.programs;
    const endMs = performance.now() + BUDGET_MS;
    for (;;) {
      const profileId = await find(ids);
      const found = profileId === null ? null : await profiles.explain(profileId);
      if (found !== null && found.read.version >= least) return found;
      if (least === 0 || performance.now() >= endMs) {
        throw found === null ? new HttpRefusal('RLN-2014') : new HttpRefusal('RLN-2016', {}, 1);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }
}

const isoOf = (atMs: number): string => new Date(atMs).toISOString();

function viewOf({ read, context, identities, traits, consents, merges }: ExplainedProfile): object {
  const { aggregates, consents: statuses, channels } = context.profile;
  return {
    profileId: read.profileId,
    version: read.version,
    createdAt: isoOf(read.firstSeenMs),
    updatedAt: isoOf(read.updatedAtMs),
    accountId: read.accountId,
    traits: Object.fromEntries(
      traits.map(({ trait, value, provenance }) => [
        trait,
        {
          value,
          source: provenance.source,
          observedAt: isoOf(provenance.atMs),
          rule: provenance.rule,
        },
      ]),
    ),
    segments: read.document.segments,
    aggregates: aggregates ?? {},
    consents: statuses ?? {},
    channels: channels ?? {},
    statements: consents.map(({ eventKey: _key, atMs, ...statement }) => ({
      ...statement,
      at: isoOf(atMs),
    })),
    identities: identities.map(({ ns, value, firstSeenMs, lastSeenMs, isVerified }) => ({
      ns,
      value,
      verified: isVerified,
      firstSeen: isoOf(firstSeenMs),
      lastSeen: isoOf(lastSeenMs),
    })),
    merges: merges.map(({ source, target, ns, atMs, undoneAtMs }) => ({
      source,
      target,
      ns,
      at: isoOf(atMs),
      undoneAt: undoneAtMs === null ? null : isoOf(undoneAtMs),
    })),
    sample: read.isSample,
  };
}
