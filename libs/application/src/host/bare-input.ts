import type { CommandId, EpochMs } from '#libs/kernel';
import type { Control, EffectResult, InputEvent } from '#libs/scenario';

/** An input before its instant and context are added. */
export type BareInput =
  | { readonly type: 'entered'; readonly event: InputEvent | null }
  | { readonly type: 'event'; readonly event: InputEvent }
  | { readonly type: 'timer'; readonly commandId: CommandId }
  | {
      readonly type: 'result';
      readonly commandId: CommandId;
      readonly result: EffectResult;
      readonly effectAtMs?: EpochMs;
    }
  | { readonly type: 'control'; readonly control: Control };
