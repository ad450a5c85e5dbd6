export {
  StaleReadError,
  type AccountStore,
  type AccountTrait,
  type ConsentKey,
  type ContactPoints,
  type Correction,
  type CountedEvent,
  type DeadLetter,
  type DeadLetterQuery,
  type DeadLetterStore,
  type ErasureReport,
  type ErasureStore,
  type EventProbe,
  type EventRow,
  type IdKey,
  type Membership,
  type NodeBase,
  type ProfileChanges,
  type ProfileDates,
  type ProfileRow,
  type ProfileStore,
  type RefusedMerge,
  type SegmentMove,
  type StoredAccount,
  type StoredProfile,
  type StoredTombstone,
  type TombstoneRow,
  type UndoneMerge,
  type UnmergeStore,
} from './ports.js';
export {
  ProfileConsumer,
  type ConsumerOptions,
  type ConsumerPorts,
  type RoundReport,
} from './consumer.js';
export { DeadLetters, type CorrectedReplay, type DeadLetterPorts } from './dead-letters.js';
export { ProfileIngest, type IngestPorts, type IngestReport } from './ingest.js';
export type { Regrant } from './regrants.js';
export type { RefreshCause } from './session.js';
export { CONSENT_CHANGED, type Rejection, type RejectionCode } from './incoming.js';
export { keyedPseudonyms } from './pseudonyms.js';
export { AccountKeeper } from './account-keeper.js';
export { heldProfile, ProfileKeeper, type HeldProfile } from './keeper.js';
export { profileSettings } from './profile-settings.js';
export type {
  DayCalendar,
  ProfileSettings,
  ProfileSettingsSource,
  Pseudonyms,
} from './settings.js';
export { ProfileSweeper, type SweeperPorts } from './sweeper.js';
export { accountView } from './accounts.js';
export { EngineEvents, personContext, ProfilePeople } from './people.js';
export {
  ProfileReader,
  type ExplainedProfile,
  type ExplainedTrait,
  type ProfileView,
} from './reader.js';
export type {
  ProfileListQuery,
  ProfileReadStore,
  ReadEvent,
  ReadIdentity,
  ReadMerge,
  ReadProfile,
  TimelinePlace,
  TimelineQuery,
} from './read-ports.js';
export { erasedHash, ProfileErasure, type ErasurePorts } from './erasure.js';
export { ProfileUnmerge, type UnmergePorts } from './unmerge.js';
