/** How a node's claims and its measurements of others turned out, and the weight that it has for that. */
import type { NodeId } from '../model.ts';

export interface Standing {
  readonly confirmed: number;
  readonly missed: number;
  readonly refuted: number;
  readonly contradicted: number;
}

const NEW: Standing = { confirmed: 0, missed: 0, refuted: 0, contradicted: 0 };
/** What a claim that failed counts against the confirmed ones: chance alone makes a claim miss now and then, but does not refute one. */
const MISSED = 0.25;
const REFUTED = 4;
/** With less weight a node's measurements confirm nothing. */
const LEAST = 0.25;

export class Standings {
  readonly #of = new Map<NodeId, Standing>();
  readonly #isListed: (node: NodeId) => boolean;

  constructor(isListed: (node: NodeId) => boolean) {
    this.#isListed = isListed;
  }

  of(node: NodeId): Standing {
    return this.#of.get(node) ?? NEW;
  }

  count(node: NodeId, what: keyof Standing, by: 1 | -1): void {
    const standing = this.of(node);
    this.#of.set(node, { ...standing, [what]: standing[what] + by });
  }

  /** From 0 to 1: a half for a listed node of which nothing is known, nothing for one that is not listed. */
  weight(node: NodeId): number {
    const { confirmed, missed, refuted, contradicted } = this.of(node);
    const bad = MISSED * missed + REFUTED * (refuted + contradicted);
    return this.#isListed(node) ? (1 + confirmed) / (2 + confirmed + bad) : confirmed / (1 + confirmed + bad);
  }

  mayConfirm(node: NodeId): boolean {
    return this.weight(node) >= LEAST;
  }
}
