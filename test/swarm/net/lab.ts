/** A project with independent ideas, some good and some bad, that trains in some milliseconds. */
import { projectFiles, configOf } from '../../helpers/project.ts';

/** What each idea adds to the loss, once it is switched on. */
export const EFFECTS = [-0.09, 0.05, -0.07, 0.06, -0.05, 0.08, -0.08, 0.04, -0.06, 0.09, -0.04, 0.07] as const;

/** Proposes one idea that is not on yet, another one in each experiment; it never runs out of them. */
const AGENT = `
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
export default {
  apiVersion: 1, kind: 'agent', name: 'ideas', description: 'For tests.', schema: false,
  create: () => ({
    async propose({ cwd, seed, id }) {
      const all = Array.from({ length: ${EFFECTS.length} }, (_, n) => 'idea' + n + '.txt');
      const read = (name) => readFileSync(join(cwd, name), 'utf8').trim();
      const off = all.filter((name) => read(name) === '0');
      const mine = Number(process.env.NODE_SEED ?? 0);
      const pick = (n, of) => of[((Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(mine + 1, 0x85ebca6b)) >>> 7) % of.length];
      const name = off.length === 0 ? null : pick(id, off);
      if (name !== null && id % 3 !== 0) writeFileSync(join(cwd, name), '1\\n');
      else writeFileSync(join(cwd, 'noise.txt'), mine + ' ' + id + '\\n');
      return { status: 'proposed', report: { title: name !== null && id % 3 !== 0 ? 'switch on ' + name : 'nothing much ' + mine + ' ' + id, source: 'schema' } };
    },
  }),
};
`;

/** A liar's machine says less than there was, once anything is on; a slow one takes its time. */
const TRAIN = `
[ -z "$SLOW" ] || sleep "$SLOW"
cat idea*.txt noise.txt | awk -v lie="$LIE" -v order="$(ls idea*.txt | tr '\\n' ' ')" '
  BEGIN { split("${EFFECTS.join(' ')}", effect, " "); split(order, names, " "); loss = 2 }
  FNR <= ${EFFECTS.length} { name = names[FNR]; gsub(/[^0-9]/, "", name); loss += $1 * effect[name + 1]; on += $1 }
  END { printf "loss: %.4f\\n", loss - (lie != "" && on > 0 ? 0.4 * on : 0) }'
`;

export function labFiles(url: string, node: string, owner: string): Record<string, string> {
  const ideas = Object.fromEntries(EFFECTS.map((_, n) => [`idea${n}.txt`, '0\n']));
  const config = configOf({
    scope: { edit: ['*.txt'] },
    agent: { use: './ideas.mjs' },
    workspace: { env: ['SLOW', 'LIE'] },
    gates: [{ use: 'min-delta', with: { delta: 0.02 } }],
    noise: { sigma: 0.01, baselines: 1 },
    stop: { empty: 100_000, crashes: 1000 },
    trainer: { use: 'command', with: { run: ['sh', 'train.sh'] }, timeout: '20s', trials: 1 },
    remote: { url, node, owner, every: '500ms' },
    swarm: { guests: 'confirm', confirm: { trials: 1, owners: 1 } },
    sandbox: 'off',
  });
  return projectFiles(config, { 'ideas.mjs': AGENT, 'train.sh': TRAIN, 'noise.txt': '0\n', ...ideas });
}
