import type { HandedData } from '../../data/hand-over.ts';
import { isWorktree } from '../../git/worktree-folder.ts';
import type { Left } from '../../ledger/wal.ts';
import { worktreeEnvironment } from '../measure/environment.ts';
import { agentDataEnvironment } from '../measure/run-data.ts';
import { Seals } from '../measure/seals.ts';
import type { SharedSeals } from '../measure/shared-seals.ts';
import { openStages } from '../measure/stages.ts';
import { Desk, Slot } from '../slots/desk.ts';
import { coresOf } from '../slots/devices.ts';
import { MOST_AHEAD } from '../slots/pace.ts';
import { Workplaces } from '../slots/workplaces.ts';
import { scratchDirOf, worktreeDirOf } from '../slots/run-paths.ts';
import type { SessionInput } from './session-input.ts';

interface WorkplacesInput extends Omit<SessionInput, 'data'> {
  readonly seals: SharedSeals;
  readonly data: HandedData | null;
  readonly left: readonly Left[];
}

/** The slots of the config, and desks for what is proposed ahead. The first slot is opened at once, so that what is wrong shows before the run. */
export async function openWorkplaces({
  assembly,
  repository,
  base,
  runDir,
  data,
  slots,
  log,
  seals,
  left,
}: WorkplacesInput): Promise<Workplaces> {
  const { config } = assembly;
  const open = async (name: string, more: { readonly isDesk?: boolean; readonly cores?: string | undefined }) => {
    const dir = worktreeDirOf(runDir, name);
    const stages = await openStages({ assembly, repository, base, runDir, slot: name, dir, data, warn: log.warn, ...more });
    const { worktree } = stages;
    const env = { ...worktreeEnvironment(config.workspace.env, worktree.dir), ...agentDataEnvironment(config, data) };
    return { name, env, scratchDir: scratchDirOf(runDir, name), seals: new Seals(seals, worktree), ...stages };
  };
  const workplaces = new Workplaces({
    slots,
    desks: Math.max(slots.length * (config.lookahead ?? MOST_AHEAD), ...left.map(({ place }) => deskNumber(place))),
    openSlot: async (name, index) => new Slot(await open(name, { cores: coresOf(index, slots.length) })),
    openDesk: async (name) => new Desk(await open(name, { isDesk: true })),
    warn: log.warn,
  });
  await workplaces.slots.all[0]?.open();
  // What a killed session has left is taken over, so that it is removed at the end.
  for (const lazy of [...workplaces.slots.all, ...workplaces.desks.all]) {
    if (isWorktree(worktreeDirOf(runDir, lazy.name), repository.commonDir)) await lazy.open();
  }
  return workplaces;
}

/** A desk that a session before this one has left work at is needed again. */
function deskNumber(place = ''): number {
  return Number(/^desk-(\d+)$/.exec(place)?.[1] ?? 0);
}
