import type { ApiResponse } from '#libs/contracts';

/** How far the removal of the sample has come, and what it removed. */
export type SampleRemovalState = ApiResponse<'sampleRemoval'>;
