import type { FastifyRequest } from 'fastify';
import type { AccessKey } from '#libs/application';
import type { LocalText } from '#libs/kernel';
import type { Engine } from '../engine/engine.js';
import { requireProgram } from '../http/access.js';
import { HttpRefusal } from '../http/problems.js';

/** Lets a program in where the engine can answer it: a workspace is published. Throws a refusal. */
export async function enter(request: FastifyRequest, engine: Engine): Promise<AccessKey> {
  const key = await requireProgram(request, engine.keys);
  if (!engine.workspace.isReady) throw new HttpRefusal('RLN-2017', {}, 1);
  return key;
}

/** What cannot be read, named. */
export function wrongMember(name: string): LocalText {
  return { fr: `« ${name} » ne convient pas`, en: `"${name}" is not right` };
}
