import type { Config } from '../../src/config/types.ts';
import type { AnyDefinition, Gate, Objective } from '../../src/plugin.ts';
import { builtin } from '../../src/plugins/builtin.ts';
import { makeContext } from '../../src/testing/context.ts';
import { createFrom } from '../../src/testing/options.ts';
import { BALANCED, FRESH, GUARDED, NAIVE, SETTLED, SHARED } from './names.ts';
import { METRIC } from './records.ts';
import { UNIT, type World } from './worlds.ts';

type Options = Readonly<Record<string, unknown>>;

export interface Policy {
  readonly name: string;
  /** Gates as a config names them. */
  gates(world: World): readonly { readonly use: string; readonly with?: Options }[];
  /** What the config says of noise. */
  noise?(world: World): NoiseConfig;
}

export type NoiseConfig = Partial<Config['noise']>;

export const AUDIT_TRIALS = 3;
const SAFETY = [{ use: 'pruner' }, { use: 'audit', with: { runs: AUDIT_TRIALS } }] as const;
/** A world in which nothing drifts, and whose noise was measured before: what the evidence for the rules assumes. */
const NEVER = 1_000_000;

const minDelta = (name: string, options: (world: World) => Options): Policy => ({
  name,
  gates: (world) => [{ use: 'min-delta', with: options(world) }],
});
const posterior = (profile: string): Policy => ({ name: `posterior ${profile}`, gates: () => [{ use: 'posterior', with: { profile } }] });
const guarded = (policy: Policy): Policy => ({ name: `${policy.name}${GUARDED}`, gates: (world) => [...policy.gates(world), ...SAFETY] });
const settled = (policy: Policy): Policy => ({
  ...policy,
  name: `${policy.name}${SETTLED}`,
  noise: ({ sigma }) => ({ sigma: sigma * UNIT, controlEvery: NEVER }),
});

const naive = minDelta(NAIVE, () => ({}));
const shrunken = minDelta('shrink 0.6', () => ({ shrink: 0.6 }));
const plain: readonly Policy[] = [
  naive,
  minDelta('min-delta 1 sigma', ({ sigma }) => ({ delta: sigma * UNIT })),
  shrunken,
  minDelta('confirm 1', () => ({ confirm: 1 })),
  { name: 'sprt', gates: () => [{ use: 'sprt' }] },
  posterior('progress'),
  posterior('balanced'),
  posterior('strict'),
];
const best = [posterior('progress'), posterior('balanced')].map(guarded);

/** Played in every world that does not name its own. */
export const POLICIES: readonly Policy[] = [...plain, ...[naive, shrunken].map(guarded), ...best, ...best.map(settled)];
const seeded = (seeds: 'shared' | 'fresh', name: string): Policy => ({ ...posterior('balanced'), name, noise: () => ({ seeds }) });
const ALL: readonly Policy[] = [...POLICIES, seeded('shared', `${BALANCED}${SHARED}`), seeded('fresh', `${BALANCED}${FRESH}`)];

/** Who plays in a world, naive greedy first. */
export function policiesOf({ policies }: World): readonly Policy[] {
  return policies === undefined ? POLICIES : ALL.filter(({ name }) => policies.includes(name));
}

export interface NamedGate {
  readonly label: string;
  readonly gate: Gate;
}

/** A policy's plugins as a run creates them; a factory, because each night gets fresh ones. */
export async function prepare(policy: Policy, world: World): Promise<() => readonly NamedGate[]> {
  const uses = await Promise.all(
    policy.gates(world).map(async ({ use, with: options = {} }) => ({ use, options, definition: await load('gate', use) })),
  );
  return () =>
    uses.map(({ use, options, definition }) => ({
      label: use,
      gate: createFrom(definition, options, makeContext({ label: use })) as Gate,
    }));
}

export async function createObjective(): Promise<Objective> {
  return createFrom(await load('objective', 'single'), { metric: METRIC, direction: 'minimize' }, makeContext()) as Objective;
}

async function load(kind: 'gate' | 'objective', name: string): Promise<AnyDefinition> {
  const loader = builtin(kind, name);
  if (loader === undefined) throw new Error(`there is no built-in ${kind} ${name}`);
  return (await loader()).default as AnyDefinition;
}
