/**
 * How busy slots are, and how many experiments an hour several of them settle: the real engine with an agent and a trainer
 * that sleep. All times are scaled: a second stands for a hundred, or for as many as asked. What the engine itself takes is
 * not scaled, so the shares are lower than in a real run; the gap between two trials of a slot is told in real time.
 * Usage: node bench/parallel.ts [trials of each slot, default 12] [scale, default 100]
 */
import { makeProject, measure, removeProject, type Night } from './parallel/night.ts';

const SCALE = Number(process.argv[3] ?? 100);
const TRIAL_S = 300;
const perSlot = Number(process.argv[2] ?? 12);

/** The least share of their time that slots must be at work, where the figures of the design ask for one. */
const NIGHTS: readonly (Omit<Night, 'experiments' | 'trialMs' | 'agentMs'> & { readonly agentS: number; readonly least?: number })[] = [
  { slots: 1, lookahead: 0, agentS: 180 },
  { slots: 1, lookahead: 1, agentS: 60, least: 0.98 },
  { slots: 1, lookahead: 1, agentS: 180, least: 0.98 },
  { slots: 4, lookahead: 1, agentS: 60, least: 0.95 },
  { slots: 4, lookahead: 1, agentS: 180, least: 0.95 },
  { slots: 8, lookahead: 1, agentS: 180, least: 0.95 },
  { slots: 8, lookahead: 1, agentS: 300 },
];

const row = (...cells: readonly (string | number)[]) => console.log(cells.map((cell) => String(cell).padStart(12)).join(''));
row('slots', 'lookahead', 'agent, s', 'busy', 'gap, ms', 'an hour', 'of serial');
let serial = 0;
let failed = 0;
for (const { agentS, least, ...night } of NIGHTS) {
  const dir = makeProject({
    ...night,
    experiments: perSlot * night.slots,
    trialMs: (TRIAL_S * 1000) / SCALE,
    agentMs: (agentS * 1000) / SCALE,
  });
  try {
    const { busy, gapMs, experimentsPerSecond } = measure(dir);
    const perHour = (experimentsPerSecond * 3600) / SCALE;
    serial ||= perHour;
    row(night.slots, night.lookahead, agentS, busy.toFixed(3), gapMs.toFixed(0), perHour.toFixed(1), (perHour / serial).toFixed(2));
    if (least !== undefined && busy < least) {
      console.log(`  FAILED: slots are to be busy for at least ${least} of the time`);
      failed++;
    }
  } finally {
    removeProject(dir);
  }
}

// Trials that do nothing: how many experiments the engine itself can settle.
const [one, eight] = [1, 8].map((slots) => {
  const dir = makeProject({ slots, lookahead: slots === 1 ? 0 : 1, experiments: 100, trialMs: 0, agentMs: 0 });
  try {
    return measure(dir).experimentsPerSecond;
  } finally {
    removeProject(dir);
  }
});
console.log(
  `\nno-op trials, experiments a second: ${one?.toFixed(1)} with one slot, ${eight?.toFixed(1)} with eight: ${((eight ?? 0) / (one ?? 1)).toFixed(2)} times`,
);
process.exitCode = failed === 0 ? 0 : 1;
