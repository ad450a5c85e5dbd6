/**
 * Sizes of batches: small at first, so that what came first goes on soon; doubled while there is
 * more than a batch takes; small again once there is not.
 */
export class Ramp {
  private now: number;

  constructor(
    private readonly first: number,
    private readonly most: number,
  ) {
    this.now = first;
  }

  /** How many the next batch may take. */
  get size(): number {
    return this.now;
  }

  /** A batch of so many is done. Partitions fill unevenly: half of a batch means there is more. */
  took(count: number): void {
    this.now = count * 2 >= this.now ? Math.min(this.most, this.now * 2) : this.first;
  }

  /** The batch was too much: what takes longer than the store allows must get through in pieces. */
  failed(): void {
    this.now = Math.max(1, Math.floor(this.now / 4));
  }
}
