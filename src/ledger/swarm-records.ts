/** Entries of a run that several nodes work on. */

/** Who keeps this ledger: one of several nodes that work on the same run. */
export interface NodeFacts {
  /** Its name, such as `b2`. */
  readonly node: string;
  readonly owner: string;
  /** The ssh public key that its entries are signed with. */
  readonly key: string;
  /** The commit that opened the run for all of them. */
  readonly opening: string;
  /** What it works on, where that was said. */
  readonly focus?: string;
}

/** What of the other nodes was known from here on. */
export interface SyncedRecord {
  readonly v: 1;
  readonly kind: 'synced';
  readonly at: string;
  /** By node, the last entry of its ledger that was read. The entries are parents of this one. */
  readonly seen: Readonly<Record<string, string>>;
}

/** The node takes part no longer. */
export interface LeftRecord {
  readonly v: 1;
  readonly kind: 'left';
  readonly at: string;
}
