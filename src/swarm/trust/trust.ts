/** Which claims can be trusted: one pass over keeps and repeated measurements, in causal order. */
import type { Undo } from '../node-ledger.ts';
import type { Direction } from '../../experiment.ts';
import type { ConfirmRule, NodeId, SwarmExperiment } from '../model.ts';
import { Change } from './change.ts';
import { ContentsOf, type Contents } from './contents.ts';
import { evidenceFor, refutes, restOf, sumOf, sumOfAll } from './compare.ts';
import { measurementOf, type Measurement } from './measurement.ts';
import type { Move } from './survival.ts';
import type { SwarmNoise } from './noise.ts';
import { readOrigin } from '../names.ts';
import { Standings, type Standing } from './standing.ts';
import { without } from './bits.ts';

export interface TrustFacts {
  readonly direction: Direction;
  readonly confirm: ConfirmRule;
  readonly noise: Pick<SwarmNoise, 'sigma'>;
  ownerOf(node: NodeId): string;
  isListed(node: NodeId): boolean;
  mayConfirm(node: NodeId): boolean;
  mayPropose(node: NodeId): boolean;
}

const NOTHING = { E: 0, V: 0 };

/** What a measurement is held against. */
interface Against {
  readonly experiment: SwarmExperiment;
  readonly contents: Contents;
  readonly sigma: number | null;
  readonly measured: Measurement;
}

export class Trust {
  readonly contents = new ContentsOf();
  readonly standings: Standings;
  /** Keeps that count for nothing, because their commit was another node's before. */
  readonly copied: SwarmExperiment[] = [];
  /** All others, in causal order, and those that audits of their own nodes took back. */
  readonly keeps: SwarmExperiment[] = [];
  readonly withdrawn = new Set<SwarmExperiment>();
  /** Changes that were moved onto others, with what was then found. */
  readonly moves: Move[] = [];
  readonly #facts: TrustFacts;
  /** By class of hardware, what is known of each change, by its place. */
  readonly #changes = new Map<string, Map<number, Change>>();
  readonly #commits = new Map<string, NodeId>();
  /** Own changes of a node's keeps that stand, oldest first. */
  readonly #standing = new Map<NodeId, { readonly keep: SwarmExperiment; readonly change: Change | null }[]>();

  constructor(facts: TrustFacts) {
    this.#facts = facts;
    this.standings = new Standings((node) => facts.isListed(node));
  }

  changesOf(hardware: string): ReadonlyMap<number, Change> {
    return this.#changes.get(hardware) ?? new Map<number, Change>();
  }

  get classes(): readonly string[] {
    return [...this.#changes.keys()];
  }

  /** Takes in the next keep, or the next one that measured what another node has found. */
  follow(experiment: SwarmExperiment): void {
    const { node, candidate, hardware, verdict, kind } = experiment;
    if (kind === 'control' || this.#isCopied(experiment)) return;
    const contents = this.contents.follow(experiment);
    if (candidate !== null && !this.#commits.has(candidate)) this.#commits.set(candidate, node);
    const sigma = this.#facts.noise.sigma(hardware);
    const measured = kind === 'change' ? measurementOf(experiment, { direction: this.#facts.direction, sigma }) : null;
    let change: Change | null = null;
    if (contents && measured) {
      // Where the noise is unknown, what the gate has said of it stands for it.
      const own = experiment.measured === null ? null : Math.sqrt(measured.s2);
      const against = { experiment, contents, measured, sigma: sigma ?? own };
      this.#witness(against);
      change = this.#claim(against);
    }
    if (verdict !== 'keep') return;
    this.#standingOf(node).push({ keep: experiment, change });
    if (kind === 'change') this.keeps.push(experiment);
  }

  /** An audit of a node took back its later keeps. */
  undo({ node, back }: Undo): void {
    const standing = this.#standingOf(node);
    const target = standing.findLastIndex(({ keep }) => keep.id === back);
    if (target < 0) return;
    for (const { keep, change } of standing.splice(target + 1)) {
      this.withdrawn.add(keep);
      if (change !== null) this.#change(change, () => change.withdraw());
    }
  }

  standing(node: NodeId): Standing {
    return this.standings.of(node);
  }

  #isCopied(experiment: SwarmExperiment): boolean {
    const { candidate, node, origin } = experiment;
    const first = candidate === null ? undefined : this.#commits.get(candidate);
    if (origin !== null || first === undefined || first === node || experiment.kind !== 'change') return false;
    this.copied.push(experiment);
    return true;
  }

  /** A keep claims the changes in it that nobody has claimed on this hardware. */
  #claim({ experiment, contents, measured, sigma }: Against): Change | null {
    const { node, hardware, verdict } = experiment;
    if (verdict !== 'keep' || !this.#facts.mayPropose(node)) return null;
    const changes = this.#changes.get(hardware) ?? new Map<number, Change>();
    this.#changes.set(hardware, changes);
    const [more, less] = this.#difference(contents);
    const unclaimed = more.filter((place) => !changes.has(place));
    if (unclaimed.length === 0) return null;
    const known = restOf(measured, sumOf(more, changes), sumOf(less, changes));
    const share = { d: known.d / unclaimed.length, s2: known.s2 };
    // Anyone can name any owner as a guest, so a guest's claims need the support of one owner more.
    const owners = this.#facts.confirm.owners + (this.#facts.isListed(node) ? 0 : 1);
    const word = { sigma, weight: this.standings.weight(node), owners };
    const made = unclaimed.map((place) => {
      const change = new Change(experiment, this.#facts.ownerOf(node), share, word);
      changes.set(place, change);
      return change;
    });
    return made.length === 1 ? (made[0] ?? null) : null;
  }

  /** Its evidence about the claims of other owners. */
  #witness({ experiment, contents, measured, sigma }: Against): void {
    const { node, hardware, n } = experiment;
    const { confirm, ownerOf, mayConfirm } = this.#facts;
    if (n < confirm.trials || !mayConfirm(node) || !this.standings.mayConfirm(node)) return;
    const owner = ownerOf(node);
    const changes = this.changesOf(hardware);
    const [more, less] = this.#difference(contents);
    const known = more.flatMap((place) => changes.get(place) ?? []);
    const asked = known.filter((change) => change.owner !== owner && !change.isSettled);
    if (asked.length === 0 || known.length < more.length) return;
    const own = sumOfAll(known.filter((change) => change.owner === owner || change.isSettled));
    const rest = restOf(measured, own, sumOf(less, changes));
    const open = asked.length === 1 ? asked : asked.filter((change) => change.status !== 'confirmed');
    const ofOpen = restOf(rest, sumOfAll(asked.filter((change) => change.status === 'confirmed' && asked.length > 1)), NOTHING);
    const claimed = sumOfAll(open);
    const whole = open.length === 0 ? 0 : evidenceFor(ofOpen, claimed, sigma) / open.length;
    // A commit with claims of several owners does not tell which claim failed.
    const isBlamed = new Set(open.map((change) => change.owner)).size === 1;
    const evidence = whole < 0 && !isBlamed ? 0 : whole;
    // Only the very files that were claimed refute a claim: a change that was moved onto others may have stopped to work by that.
    const isRefuting = sigma !== null && isBlamed && (contents.isExact || experiment.origin === null) && refutes(ofOpen, claimed);
    const all = sumOfAll(asked);
    if (!contents.isExact && experiment.origin !== null) this.moves.push({ ...rest, ...all, over: this.#notIn(experiment, contents) });
    const isOpen = new Set(open);
    for (const [change, { E, V }] of asked.map((one) => [one, one.expected] as const)) {
      const alone = restOf(rest, { E: all.E - E, V: Math.max(0, all.V - V) }, NOTHING);
      const said = isOpen.has(change) ? { evidence, isRefuting } : { evidence: 0, isRefuting: false };
      this.#change(change, () => change.measure(alone, { experiment, owner, ...said }));
    }
  }

  /** How many changes of the incumbent the line had not that was put on it. */
  #notIn({ origin }: SwarmExperiment, { incumbent }: Contents): number {
    const from = readOrigin(origin);
    const there = from === null ? undefined : this.contents.of(from.node, from.id);
    return there === undefined ? 0 : without(incumbent, there).length;
  }

  #difference({ candidate, incumbent }: Contents): readonly [more: number[], less: number[]] {
    return [without(candidate, incumbent), without(incumbent, candidate)];
  }

  /** Changes what is known of a change, and with it the standing of those who spoke of it. */
  #change(change: Change, act: () => void): void {
    this.#count(change, -1);
    act();
    this.#count(change, 1);
  }

  #count(change: Change, by: 1 | -1): void {
    const { status } = change;
    if (status === 'claimed' || status === 'withdrawn') return;
    this.standings.count(change.claim.node, status, by);
    for (const { experiment, evidence, isRefuting } of change.witnesses) {
      const isWrong = status === 'confirmed' ? isRefuting : status === 'refuted' && evidence > 0;
      if (isWrong) this.standings.count(experiment.node, 'contradicted', by);
    }
  }

  #standingOf(node: NodeId) {
    const known = this.#standing.get(node) ?? [];
    this.#standing.set(node, known);
    return known;
  }
}
