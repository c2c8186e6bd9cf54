import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, AutoresearchError } from '../../errors.ts';
import type { Basis } from '../../experiment.ts';
import type { Others } from '../../engine/others.ts';
import type { Offer } from '../../engine/propose/offer.ts';
import { signCommit } from '../../git/signature/signed-commit.ts';
import type { SignEntry } from '../../ledger/ledger.ts';
import type { NodeFacts, SyncedRecord } from '../../ledger/swarm-records.ts';
import type { Log } from '../../plugin.ts';
import { oneLine } from '../../ledger/message.ts';
import type { NodeId, Origin, SwarmExperiment } from '../model.ts';
import { hardwareOf, lastMeasured } from '../measured.ts';
import { originOf } from '../names.ts';
import { nextOffer } from '../offer.ts';
import { viewOf } from '../state.ts';
import { digestOf, triedElsewhere } from '../tried.ts';
import type { SwarmCache } from '../cache.ts';
import { Backoff } from './backoff.ts';
import { readOffer } from './foreign-change.ts';
import { keyOf } from './key-of.ts';
import type { Opening } from './opening.ts';
import type { SwarmPlace } from './place.ts';
import { newsIn, readOwn, readUnion, takeIn, writtenIn, type Reading } from './read-union.ts';
import { Reserver } from './reserver.ts';
import { syncOnce } from './sync.ts';

export interface NodeInput {
  readonly place: SwarmPlace;
  readonly opening: Opening;
  readonly facts: NodeFacts;
  readonly trials: number;
  /** After how many own keeps it tries what others have kept. */
  readonly islands: number;
  readonly everyMs: number;
  /** How long a change is left to the node that has reserved it. */
  readonly reserveMs: number;
  /** What was read of ledgers before. */
  readonly cache: SwarmCache;
  readonly log: Log;
}

/** How long the loop's start waits for the first sync. */
const FIRST_SYNC_MS = 10_000;
/** Of what others measure just now, an agent is told at most so many changes. */
const MOST_TOLD = 10;
/** How long the loop's end waits for the last sync; and how long nothing may come from the remote meanwhile. */
const LAST_SYNC_MS = 30_000;
const QUIET_MS = 60_000;
/** Experiments that take less than this part of a reservation are not worth one. */
const SHORTEST_RESERVED = 1 / 30;

/** This node among the others: syncs beside the loop, and knows what came of it. */
export class SwarmNode implements Others {
  readonly facts: NodeFacts;
  readonly trials: number;
  readonly sign: SignEntry;
  readonly #input: NodeInput;
  readonly #backoff: Backoff;
  readonly #halt = new AbortController();
  #opening: Opening;
  #reading: Reading;
  #syncing: Promise<void> | null = null;
  #isRefused = false;
  /** By node, how many of its experiments the own ledger says were read. */
  readonly #written: Map<NodeId, number>;
  readonly #offered = new Set<Origin>();
  readonly #told = new Set<string>();
  readonly #reserver: Reserver;

  private constructor(input: NodeInput, reading: Reading, written: Map<NodeId, number>) {
    const { key } = input.place;
    this.#input = input;
    this.#opening = input.opening;
    this.#reading = reading;
    this.#written = written;
    this.#backoff = new Backoff(input.everyMs);
    this.facts = input.facts;
    this.trials = input.trials;
    this.sign = (text, hash) => signCommit(text, key, hash);
    this.#reserver = new Reserver({
      place: input.place,
      lastsMs: input.reserveMs,
      isOver: ({ node, key: change }) =>
        hardwareOf(this.#reading.union, node) !== this.#hardware || this.#reading.union.withKey(change).some((one) => one.node === node),
      keyOf: (node) => keyOf(input.place, this.#opening, this.#reading.union, node),
    });
  }

  static async open(input: NodeInput): Promise<SwarmNode> {
    const reading = await readUnion(input.place, input.opening, input.cache);
    const node = new SwarmNode(input, reading, await writtenIn(input.place, reading.union));
    // What others know is worth a moment, and no more than that.
    node.settled();
    await Promise.race([node.#syncing, sleep(FIRST_SYNC_MS, undefined, { ref: false })]);
    return node;
  }

  settled(): void {
    if (this.#syncing !== null || this.#isRefused || !this.#backoff.isDue) return;
    this.#syncing = this.#sync(this.#halt.signal, QUIET_MS).finally(() => (this.#syncing = null));
  }

  async takeNews(): Promise<SyncedRecord | null> {
    return newsIn(this.#reading.union, this.#written, this.facts.node);
  }

  async digest(characters: number): Promise<string> {
    const now = this.#reserver.others.map(({ node, title }) => `${node} is measuring now: ${title}`).slice(-MOST_TOLD);
    const left = characters - now.join('\n').length;
    return [...now, ...digestOf(await this.#view(), this.facts.node, { characters: left })].map((line) => `- ${line}`).join('\n');
  }

  async twin(key: string): Promise<string | null> {
    const found = triedElsewhere(this.#reading.union, { key, node: this.facts.node, hardware: this.#hardware });
    if (found === null) return null;
    const { origin, verdict, score } = found;
    const { label } = this.#opening.facts.objective;
    return `the same change on the same parent was ${origin}: ${verdict}${score === null ? '' : `, ${label} ${score}`}`;
  }

  async reserve(change: { readonly key: string; readonly title: string }): Promise<string | null> {
    const { reserveMs } = this.#input;
    const seconds = lastMeasured(this.#reading.union, this.facts.node)?.seconds ?? 0;
    if (seconds * 1000 < reserveMs * SHORTEST_RESERVED) return null;
    const other = await this.#reserver.reserve(change, this.#halt.signal);
    return other === null ? null : `the same change on the same parent is being measured by node ${other.node}`;
  }

  /** A change of another node, to be measured here. */
  async next(incumbent: Basis): Promise<Offer | null> {
    const { node } = this.facts;
    const view = await this.#view();
    const own = view.state.experiments.filter((each) => each.node === node);
    if (!this.#isOpen(own)) return null;
    const asking = {
      node,
      incumbent: incumbent.incumbent,
      hardware: this.#hardware,
      skip: this.#offered,
    };
    const offer = nextOffer(view, asking);
    if (offer === null || this.#offered.has(offer.origin)) return null;
    this.#offered.add(offer.origin);
    const there = view.state.experiments.find((each) => originOf(each) === offer.origin);
    const { repository } = this.#input.place;
    const found =
      there === undefined
        ? null
        : await readOffer(repository.git, there, offer, { incumbent: incumbent.commit, base: this.#opening.facts.base });
    if (found === null) this.#tell(`${offer.origin} is said to be a gain, but its record or its commit cannot be used`);
    return found;
  }

  async close(): Promise<void> {
    const wait = AbortSignal.timeout(LAST_SYNC_MS);
    wait.addEventListener('abort', () => this.#halt.abort());
    await this.#syncing;
    if (!this.#isRefused) await this.#sync(AbortSignal.any([wait, this.#halt.signal]), LAST_SYNC_MS);
    this.#halt.abort();
    this.#input.cache.close();
  }

  /** May it take over what others have found? On an island not before it has found some things itself. */
  #isOpen(own: readonly SwarmExperiment[]): boolean {
    const since = own.slice(own.findLastIndex(({ origin }) => origin !== null) + 1);
    return (
      this.#input.islands === 1 ||
      since.filter(({ verdict, kind }) => verdict === 'keep' && kind === 'change').length >= this.#input.islands
    );
  }

  /** The class of hardware that its trials run on. */
  get #hardware(): string {
    return hardwareOf(this.#reading.union, this.facts.node);
  }

  async #view(): Promise<ReturnType<typeof viewOf>> {
    await readOwn(this.#input.place, this.#reading);
    return viewOf(this.#reading.union);
  }

  async #sync(signal: AbortSignal, quietMs: number): Promise<void> {
    const { place, cache } = this.#input;
    try {
      const { opening, nodes, leftOut, unpublished, listed } = await syncOnce(place, this.#opening, { signal, quietMs });
      if (opening.tip === this.#opening.tip) await takeIn(place.repository.git, this.#reading, nodes);
      else {
        this.#opening = opening;
        this.#reading = await readUnion(place, opening, cache);
      }
      for (const { id, problems } of nodes) for (const { code, text } of problems) this.#tell(`node ${id}: ${code}: ${text}`);
      if (leftOut > 0) this.#tell(`${leftOut} more nodes are at the remote than are fetched: only those of nodes.yaml, and some others`);
      const isTaken = unpublished?.code === 'SWARM_NODE_TAKEN';
      if (isTaken) this.#tell(`SWARM_NODE_TAKEN ${unpublished.message}; ${unpublished.hint ?? ''}`);
      await this.#reserver.look(listed, signal);
      if (unpublished === null || isTaken) this.#backoff.succeeded();
      else this.#failed(`what was done here stays here: ${unpublished.message}\n  ${unpublished.hint ?? ''}`);
    } catch (error) {
      if (signal.aborted) return;
      this.#isRefused = error instanceof AutoresearchError && error.code === 'SWARM_EXISTS';
      const hint = error instanceof AutoresearchError && this.#isRefused ? `\n  ${error.hint}` : '';
      this.#failed(`no sync: ${messageOf(error)}; the run goes on without the others${hint}`);
    }
  }

  #failed(text: string): void {
    const { log } = this.#input;
    if (this.#backoff.failed()) log.warn(text);
    else log.debug(text);
  }

  /** Once. */
  #tell(text: string): void {
    if (this.#told.has(text)) return;
    this.#told.add(text);
    this.#input.log.warn(oneLine(text, 400));
  }
}
