import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerRecord } from '../../src/ledger/records.ts';
import { leftovers, processesAt } from '../helpers/processes.ts';
import { experimentsOf, problemsOf, run, RUN } from '../helpers/project.ts';
import { hashTree, snapshot, type TestRepo } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';
import { ANSWER, HONEST, makeLab, START } from './lab.ts';
import type { Cell, Played } from './types.ts';

/** Codes that say an attack was found out. */
const FOUND = ['TAMPERED', 'OUT_OF_SCOPE', 'FILE_REFUSED', 'DATA_CHANGED', 'OUTPUT_REFUSED', 'OUT_OF_MEMORY'];
const OUTSIDE = 'something outside the worktree is not as it was';
/** What a candidate prints when it has seen something that it must not see. */
export const LEAKED = 'LEAKED';

/** Plays one field of the table: a real run of the real engine, and what became of it. */
export async function play(cell: Cell): Promise<Played> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'autoresearch-attack-')));
  const home = process.env['HOME'];
  try {
    // What an attack leaves in the home folder is to be gone afterwards.
    mkdirSync(join(folder, 'home'));
    process.env['HOME'] = join(folder, 'home');
    return await (cell.attack.play ?? playRun)(cell, folder);
  } finally {
    process.env['HOME'] = home;
    for (const pid of processesAt(folder)) endIfThere(pid);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function endIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

async function playRun({ attack, layer, level }: Cell, folder: string): Promise<Played> {
  const options = attack.lab ?? {};
  if (attack.where === 'text') throw new Error('a text plays itself');
  const repo = makeLab({ where: attack.where, script: attack.script, layer, level, options }, join(folder, 'project'));
  const before = JSON.stringify([snapshot(repo.dir), [...hashTree(join(repo.dir, 'data'))]]);
  let told = '';
  if (options.env === undefined) told = (await run(repo.dir)).messages.join('\n');
  else await runAsProcess(repo.dir, options.env);
  const after = JSON.stringify([snapshot(repo.dir), [...hashTree(join(repo.dir, 'data'))]]);
  const harm = [
    ...(await forged(repo, attack.lab?.isAudited === true)),
    ...(before === after ? [] : [OUTSIDE]),
    ...(await leftovers(folder)).map((process) => `a process is left: ${process}`),
    ...(logsOf(repo).includes(LEAKED) ? ['it has seen what it must not see'] : []),
    ...(await problemsOf(repo.dir)),
  ];
  if (harm.join() === OUTSIDE && told.includes('yours, unless you did not do it')) return { result: 'told', because: told };
  if (harm.length > 0) return { result: 'succeeds', because: harm.join('; ') };
  const reason = (await experimentsOf(repo.dir))[1]?.reason;
  return { result: FOUND.includes(reason?.code ?? '') ? 'found' : 'held', because: `${reason?.code}: ${reason?.text}` };
}

/** An attack may end the engine: then the person resumes the run. */
async function runAsProcess(cwd: string, env: Readonly<Record<string, string>>): Promise<void> {
  const { signal } = await runCli(['run', '--name', RUN], { cwd, env });
  if (signal !== null) await runCli(['resume', RUN], { cwd, env });
}

/** Numbers of the run that no honest evaluator would have given. */
async function forged(repo: TestRepo, isAudited: boolean): Promise<string[]> {
  const experiments = await experimentsOf(repo.dir);
  const found = experiments.flatMap(({ id, score, candidate }) => {
    if (score === null || score === undefined || !candidate) return [];
    const honest = Math.abs(Number(repo.git('show', `${candidate}:value.txt`)) - ANSWER);
    return Math.abs(score.value - honest) < 1e-6 ? [] : [`#${id} has ${score.value}, and honestly it is ${honest}`];
  });
  if (isAudited) return [...found, ...forgedAudits(repo)];
  const last = experiments.at(-1);
  const isLost = last?.id !== 2 || last.verdict !== 'keep';
  return isLost ? [...found, `the honest experiment after it was not kept: ${last?.verdict} ${last?.reason.text}`] : found;
}

/** Both sides of an audit may lie, so each trial of it is looked at. */
function forgedAudits(repo: TestRepo): string[] {
  const records = entriesOf(repo).map((entry) => JSON.parse(repo.git('show', `${entry}:record.json`)) as LedgerRecord);
  const audits = records.flatMap((record) => ('kind' in record && record.kind === 'audit' ? [record.audit] : []));
  if (audits.length === 0) return ['there was no audit'];
  const honest = [START, HONEST].map((value) => Math.abs(value - ANSWER));
  return audits.flatMap(({ trials }) =>
    [...trials.anchor, ...trials.final].flatMap(({ metrics }) => {
      const loss = metrics['loss'];
      return loss === undefined || honest.some((value) => Math.abs(value - loss) < 1e-6) ? [] : [`an audit measured ${loss}`];
    }),
  );
}

function entriesOf(repo: TestRepo): string[] {
  return repo.git('log', '--first-parent', '--format=%H', `refs/autoresearch/${RUN}/ledger`).trim().split('\n');
}

/** What all trials have printed. */
function logsOf(repo: TestRepo): string {
  return entriesOf(repo)
    .map((entry) => (repo.git('ls-tree', '--name-only', entry).includes('log.txt') ? repo.git('show', `${entry}:log.txt`) : ''))
    .join('');
}
