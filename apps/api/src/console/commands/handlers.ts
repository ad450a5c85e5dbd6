import { AddKeyHandler, AddUserHandler, RevokeKeyHandler } from './access.js';
import { CloseDeadLettersHandler, CorrectDeadLetterHandler } from './dead-letters.js';
import {
  DiscardDraftHandler,
  PublishDraftHandler,
  SaveDraftHandler,
  StartDraftHandler,
} from './draft.js';
import { SendEventHandler, StartImportHandler, TakeImportBatchHandler } from './events.js';
import { RemoveSampleHandler } from './sample.js';
import { CloseTaskHandler } from './tasks.js';
import { ActOnEnrolmentsHandler, PauseEngineHandler } from './operate.js';
import { PublishWorkspaceHandler } from './workspace.js';

/** Who carries out what is asked for through the console's API: one for each command. */
export const COMMAND_HANDLERS = [
  AddUserHandler,
  AddKeyHandler,
  RevokeKeyHandler,
  CloseDeadLettersHandler,
  CorrectDeadLetterHandler,
  CloseTaskHandler,
  PublishWorkspaceHandler,
  SaveDraftHandler,
  StartDraftHandler,
  DiscardDraftHandler,
  PublishDraftHandler,
  SendEventHandler,
  StartImportHandler,
  TakeImportBatchHandler,
  RemoveSampleHandler,
  PauseEngineHandler,
  ActOnEnrolmentsHandler,
];
