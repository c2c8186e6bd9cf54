/**
 * What the sandbox and the seals do beside the table of test/attacks. In the project below a protected evaluator prints the number:
 * value.txt times a factor in the linked data. An honest figure is the number in value.txt.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LedgerRecord } from '../../src/ledger/records.ts';
import { probe } from '../../src/sandbox/probe.ts';
import { makeProject, run, verdicts, type Ran } from '../helpers/project.ts';
import { snapshot, type TestRepo } from '../helpers/repo.ts';

const { layer } = await probe('auto');
const MODES = layer === 'bwrap' ? (['bwrap', 'off'] as const) : (['off'] as const);

const SECRET = 'the held-out answer';
const EVALUATE = 'awk -v value="$(cat value.txt)" -v factor="$(cat data/factor)" \'BEGIN { print "loss: " value * factor }\'\n';
const GIT_DIR = '$(git rev-parse --git-common-dir)';

type Parts = Readonly<Record<string, unknown>>;

/** The agent does `steps[n - 1]` in experiment n; the trainer runs what is in lib/train.sh, then the evaluator. */
function makeLab(steps: readonly string[], parts: Parts = {}): TestRepo {
  const script = steps.map((step, index) => `if [ "$id" = ${index + 1} ]; then\n${step}\nfi`).join('\n');
  const repo = makeProject(
    {
      scope: { edit: ['value.txt', 'lib/**', 'judge/open.txt'] },
      agent: { use: 'command', with: { run: ['sh', 'agent.sh'] } },
      trainer: { use: 'command', with: { run: ['sh', '-c', 'sh lib/train.sh >train.log 2>&1; sh judge/evaluate.sh'] }, timeout: '20s' },
      workspace: { link: ['data'], holdout: ['held'], outputs: ['metrics.json'] },
      budget: { experiments: Math.max(1, steps.length) },
      ...parts,
    },
    {
      '.gitignore': 'data\nheld\nfar/off\n*.log\n',
      'agent.sh': `id=$(sed -n 's/^ *"experiment": \\([0-9]*\\),$/\\1/p' "$AUTORESEARCH_CONTEXT" | head -1)\n${script}\n`,
      'lib/train.sh': 'true\n',
      'judge/evaluate.sh': EVALUATE,
      'judge/open.txt': 'open\n',
    },
  );
  mkdirSync(join(repo.dir, 'data'));
  mkdirSync(join(repo.dir, 'held'));
  writeFileSync(join(repo.dir, 'data/factor'), '1\n');
  writeFileSync(join(repo.dir, 'held/answer'), `${SECRET}\n`);
  return repo;
}

const entriesOf = (repo: TestRepo) => repo.git('log', '--first-parent', '--format=%H', 'refs/autoresearch/night/ledger').trim().split('\n');
/** What all trials of the loop have printed. */
const logsOf = (repo: TestRepo) =>
  entriesOf(repo)
    .map((entry) => repo.git('show', `${entry}:log.txt`))
    .join('');

/** A candidate that does this when it is trained. */
const trains = (script: string) => `cat > lib/train.sh <<'END'\n${script}\nEND`;
const honest = (value: number) => `echo true > lib/train.sh; echo ${value} > value.txt`;
const outcomes = ({ experiments }: Ran) => experiments.map(({ verdict, reason, score }) => [verdict, reason.code, score?.value ?? null]);

describe.each(MODES)('a link (sandbox: %s)', (sandbox) => {
  it('that an agent leaves in its scratch folder leads nobody out of it', async () => {
    const link =
      'victim=$(readlink -f ../../../..)/victim.txt; cd "$(dirname "$AUTORESEARCH_REPORT")" && rm -f output.log prompt.md context.json && for name in output.log prompt.md context.json; do ln -s "$victim" $name; done; cd - >/dev/null';
    const repo = makeLab([`${link}; echo 0.95 > value.txt`, honest(0.9)], { sandbox });
    repo.write('victim.txt', 'mine\n');
    const ran = await run(repo.dir);
    expect(verdicts(ran.experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED', '#2 keep IMPROVED']);
    expect(repo.read('victim.txt')).toBe('mine\n');
  });

  it('in the place of a folder above linked data does not have the engine remove what it leads to', async () => {
    const repo = makeLab(['rm -rf far; ln -s "$(readlink -f ../../../..)/far" far; echo 0.95 > value.txt'], {
      sandbox,
      workspace: { link: ['data', 'far/off'] },
    });
    repo.write('far/off/precious.txt', 'mine\n');
    await run(repo.dir);
    expect(repo.read('far/off/precious.txt')).toBe('mine\n');
  });
});

describe('without a sandbox', () => {
  it('what was in the place of something that is put back is kept', async () => {
    const repo = makeLab([trains('echo mine > data/factor; echo new > data/more'), honest(0.9)], { sandbox: 'off' });
    const { experiments, messages } = await run(repo.dir);
    expect(experiments[1]?.reason).toEqual({
      code: 'TAMPERED',
      text: 'data/factor, data/more (added) changed while the trial ran',
    });
    const kept = join(repo.dir, '.autoresearch/night/tampered');
    expect(readdirSync(kept).map((name) => [name, readFileSync(join(kept, name), 'utf8')])).toEqual([
      ['factor', 'mine\n'],
      ['more', 'new\n'],
    ]);
    expect(messages.join('\n')).toContain(`what was there is in ${kept}`);
  });

  it('the run ends where data has changed that is too large to be put back', async () => {
    const repo = makeLab([trains('echo x >> data/big'), honest(0.9)], { sandbox: 'off' });
    writeFileSync(join(repo.dir, 'data/big'), Buffer.alloc(2 ** 21));
    const { end, experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 discard TAMPERED']);
    expect(end).toMatchObject({ outcome: 'failed', reason: { code: 'DATA_CHANGED', text: expect.stringContaining('data/big') } });
  });

  it('files that are only touched, caches of Python and branches of the person are no harm', async () => {
    const steps = [trains('touch data/factor judge/evaluate.sh; mkdir -p data/__pycache__; echo x > data/__pycache__/a.cpython-312.pyc')];
    const repo = makeLab([...steps, trains('git config branch.main.remote origin'), honest(0.9)], { sandbox: 'off' });
    const ran = await run(repo.dir);
    expect(outcomes(ran).map(([, code]) => code)).toEqual(['BASELINE', 'NOT_BETTER', 'NOT_BETTER', 'IMPROVED']);
    expect(readdirSync(join(repo.dir, 'data')).filter((name) => name !== '__pycache__')).toEqual(['factor']);
    expect(repo.git('config', 'branch.main.remote').trim()).toBe('origin');
  });
});

describe.skipIf(layer !== 'bwrap')('in the sandbox', () => {
  /** The log of the only trial, which is the baseline's. */
  async function baselineSays(script: string, parts: Parts = {}): Promise<string> {
    const trainer = { use: 'command', with: { run: ['bash', '-c', `${script}; echo "loss: 1"`] }, timeout: '20s' };
    const repo = makeLab([], { trainer, ...parts });
    await run(repo.dir);
    return logsOf(repo);
  }

  it('held-out data can be read by the trials of an audit alone, wherever it is looked for', async () => {
    const look = 'for path in held "$PWD/held" "$(readlink -f ../../../..)/held"; do cat "$path/answer" 2>/dev/null; done; echo looked';
    const repo = makeLab([`(${look}) > lib/found.txt; echo 0.5 > value.txt`], {
      trainer: {
        use: 'command',
        with: {
          run: [
            'bash',
            '-c',
            `(${look}) >> $HOME/seen; cat $HOME/seen >&2; sh judge/evaluate.sh; [ "$AUTORESEARCH_SPLIT" = loop ] || grep -q "${SECRET}" $HOME/seen`,
          ],
        },
        timeout: '20s',
      },
      gates: [{ use: 'min-delta' }, { use: 'audit', with: { runs: 2 } }],
    });
    const { experiments, messages } = await run(repo.dir);
    const [, proposed] = experiments;
    expect(proposed?.verdict).toBe('keep');
    expect(repo.git('show', `${proposed?.candidate}:lib/found.txt`)).toBe('looked\n');
    const logs = logsOf(repo);
    expect(logs).toContain('looked');
    expect(logs).not.toContain(SECRET);
    // The audit's own trials fail unless they find it.
    expect(messages.join('\n')).not.toContain('TRIAL_FAILED');
    const records = entriesOf(repo).map((entry) => JSON.parse(repo.git('show', `${entry}:record.json`)) as LedgerRecord);
    const audits = records.flatMap((record) => ('kind' in record && record.kind === 'audit' ? [record.audit] : []));
    expect(audits[0]?.trials.final).toHaveLength(2);
  });

  it('a trial reaches no network, unless the config opens it', async () => {
    const server = createServer((socket) => socket.end('hello'));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      const connect = `(exec 3<>/dev/tcp/127.0.0.1/${port} && cat <&3) 2>&1`;
      const trainer = { use: 'command', with: { run: ['bash', '-c', `${connect}; echo "loss: 1"`] }, timeout: '20s' };
      expect(await baselineSays('', { trainer })).toContain('Connection refused');
      expect(await baselineSays('', { trainer: { ...trainer, network: true } })).toContain('hello');
    } finally {
      server.close();
    }
  });

  it('a trial has an empty home folder, a private /tmp, and no sight of records or other processes', async () => {
    const log = await baselineSays('ls -A ~ /tmp ../../..; ls -d /proc/[0-9]* | wc -l; touch ~/x /tmp/x && echo written');
    // Of /tmp only the way to the project is there.
    const project = /autoresearch-(test-|ci\.)\w+/.exec(log)?.[0] ?? '';
    expect(log).toContain('written');
    expect(log).not.toContain('wal.jsonl');
    expect(log).not.toContain('.bashrc');
    expect(project).not.toBe('');
    expect(Number(/^\d+$/m.exec(log)?.[0])).toBeLessThan(8);
  });

  it('nothing outside the worktree can be written, but what the config names', async () => {
    const repo = makeLab([], {
      trainer: {
        use: 'command',
        with: {
          run: [
            'bash',
            '-c',
            'for path in /etc /usr ../../../.. data data/cache; do touch $path/x 2>/dev/null && echo "wrote $path"; done; echo "loss: 1"',
          ],
        },
        timeout: '20s',
      },
      workspace: { link: ['data'], writable: ['data/cache'] },
    });
    await run(repo.dir);
    const logs = logsOf(repo);
    expect(logs.match(/^wrote .*$/gm)).toEqual(['wrote data/cache']);
    expect(readdirSync(join(repo.dir, 'data/cache'))).toEqual(['x']);
  });

  it('an agent cannot write to the checkout, to git or to the home folder', async () => {
    const script = `for path in "$(readlink -f ../../../..)" "${GIT_DIR}" "${GIT_DIR}/refs/heads" ~ /etc; do touch "$path/evil" 2>/dev/null && echo "$path" >> lib/wrote.txt; done; echo 0.5 > value.txt`;
    const repo = makeLab([script]);
    const before = snapshot(repo.dir);
    const { experiments } = await run(repo.dir);
    expect(experiments[1]?.changes).toEqual([{ path: 'value.txt', kind: 'modified' }]);
    expect(snapshot(repo.dir)).toEqual(before);
  });

  it('a folder around the project cannot be made writable', async () => {
    for (const path of ['/', '..', '.', '.git']) {
      const repo = makeLab([], { workspace: { link: ['data'], writable: [path] } });
      await expect(run(repo.dir)).rejects.toThrow('workspace.writable[0]');
    }
  });

  it('an agent may have a sandbox of its own', async () => {
    const repo = makeLab([
      'bwrap --ro-bind / / --dev /dev --bind "$PWD/lib" "$PWD/lib" --unshare-user --unshare-net sh -c "echo nested > lib/nested.txt"',
    ]);
    const { experiments } = await run(repo.dir);
    expect(experiments[1]?.changes).toEqual([{ path: 'lib/nested.txt', kind: 'added' }]);
  });

  it.each([
    ['echo x > /etc/x || exit 1', 'workspace.writable'],
    ['exec 3<>/dev/tcp/192.0.2.1/80', 'trainer.network'],
  ])('a trainer that fails of it (%s) is told which key opens it', async (script, key) => {
    const repo = makeLab([], { trainer: { use: 'command', with: { run: ['bash', '-c', script] }, timeout: '20s' } });
    const { messages } = await run(repo.dir);
    expect(messages.find((message) => message.startsWith('sandbox: a program of the trainer failed'))).toContain(key);
  });

  it('which layer was on is in the record of the run', async () => {
    const repo = makeLab([honest(0.5)]);
    const { messages } = await run(repo.dir);
    expect(messages).toContain('sandbox: bwrap');
    expect(JSON.parse(repo.git('show', `${entriesOf(repo).at(-1)}:record.json`))).toMatchObject({ kind: 'opened', sandbox: 'bwrap' });
  });
});

describe.each(MODES)('a limit (sandbox: %s)', (sandbox) => {
  const trainerOf = (command: string, limits: Parts) => ({
    use: 'command',
    with: { run: ['sh', '-c', `${command}; sh judge/evaluate.sh`] },
    timeout: '20s',
    ...limits,
  });

  it('of memory ends a trial that uses more', async () => {
    const hog = `[ -e lib/hog ] && "${process.execPath}" -e "const all = []; setInterval(() => all.length < 40 && all.push(Buffer.alloc(2e7, 1)), 20)"`;
    const repo = makeLab(['echo x > lib/hog; echo 0.5 > value.txt', 'rm -f lib/hog; echo 0.9 > value.txt'], {
      sandbox,
      trainer: trainerOf(hog, { maxMemoryMb: 300 }),
    });
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 crash OUT_OF_MEMORY', '#2 keep IMPROVED']);
    expect(experiments[1]?.reason.text).toMatch(/used \d+ MiB, and trainer.maxMemoryMb is 300/);
  });

  it('of processes ends a trial that starts more', async () => {
    const many = '[ ! -e lib/hog ] || { i=0; while [ $i -lt 60 ]; do sleep 30 & i=$((i + 1)); done; sleep 30; }';
    const repo = makeLab(['echo x > lib/hog; echo 0.5 > value.txt', 'rm -f lib/hog; echo 0.9 > value.txt'], {
      sandbox,
      trainer: trainerOf(many, { maxProcesses: 40 }),
    });
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 crash PROCESS_LIMIT', '#2 keep IMPROVED']);
    expect(experiments[1]?.reason.text).toMatch(/it had \d\d processes, and trainer.maxProcesses is 40/);
  });

  it('of disk ends a trial that writes more, in however many files', async () => {
    const many = '[ ! -e lib/hog ] || { for i in 1 2 3 4 5 6; do head -c 3000000 /dev/zero > $i.log; done; sleep 30; }';
    const repo = makeLab(['echo x > lib/hog; echo 0.5 > value.txt', 'rm -f lib/hog; echo 0.9 > value.txt'], {
      sandbox,
      trainer: trainerOf(many, { maxDiskMb: 10 }),
    });
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 crash DISK_LIMIT', '#2 keep IMPROVED']);
  });

  it.runIf(sandbox === 'bwrap')('of memory counts files that are memory', async () => {
    const fill = '[ ! -e lib/hog ] || { head -c 200000000 /dev/zero > /tmp/full; sleep 30; }';
    const repo = makeLab(['echo x > lib/hog; echo 0.5 > value.txt', 'rm -f lib/hog; echo 0.9 > value.txt'], {
      sandbox,
      trainer: trainerOf(fill, { maxMemoryMb: 150 }),
    });
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 crash OUT_OF_MEMORY', '#2 keep IMPROVED']);
  });

  it('of a file keeps it from getting larger', async () => {
    const write = 'head -c 3000000 /dev/zero > big.log; wc -c < big.log';
    const repo = makeLab([], { sandbox, trainer: trainerOf(write, { maxFileMb: 1 }) });
    await run(repo.dir);
    const logs = logsOf(repo);
    expect(logs).toContain(`${2 ** 20}\n`);
  });
});
