import { isMap, isSeq, type YAMLSeq } from 'yaml';
import type { Outline, OutlineStep } from './model.js';
import { inserted, nodeAt, put, removed, swapped, type Change, type Path } from './yaml-text.js';

/** Where a step goes: behind another, or first in a block. */
export type Place = { readonly after: OutlineStep } | { readonly first: Path };

function listOf({ file }: Outline, path: Path): YAMLSeq | undefined {
  const node = nodeAt(file, path);
  return isSeq(node) ? node : undefined;
}

function placeOf({ path }: OutlineStep): { readonly list: Path; readonly index: number } {
  return { list: path.slice(0, -1), index: Number(path.at(-1)) };
}

/** Puts a step in; no change where the text there cannot be read. */
export function addStep(outline: Outline, place: Place, step: unknown): Change[] {
  if ('after' in place) {
    const { list, index } = placeOf(place.after);
    const found = listOf(outline, list);
    return found === undefined ? [] : inserted(outline.file, found, index, step);
  }
  const found = listOf(outline, place.first);
  if (found !== undefined) return inserted(outline.file, found, -1, step);
  return setField(outline, place.first, [step]);
}

/** Takes a step out, with what it holds. */
export function removeStep(outline: Outline, step: OutlineStep): Change[] {
  const { list, index } = placeOf(step);
  const found = listOf(outline, list);
  return found === undefined ? [] : removed(outline.file, found, index);
}

/** Moves a step by one within its block. */
export function moveStep(outline: Outline, step: OutlineStep, by: -1 | 1): Change[] {
  const { list, index } = placeOf(step);
  const found = listOf(outline, list);
  return found === undefined ? [] : swapped(outline.file, found, by === -1 ? index - 1 : index);
}

/** Whether a step may be moved that way. */
export function canMove(outline: Outline, step: OutlineStep, by: -1 | 1): boolean {
  const { list, index } = placeOf(step);
  const next = index + by;
  return next >= 0 && next < (listOf(outline, list)?.items.length ?? 0);
}

/** Sets what stands at a path; undefined takes it away. No change where there is no map for it. */
export function setField({ file }: Outline, path: Path, value: unknown): Change[] {
  const map = nodeAt(file, path.slice(0, -1));
  return isMap(map) ? put(file, map, String(path.at(-1)), value) : [];
}
