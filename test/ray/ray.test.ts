/** Trials on a real Ray, in a network namespace of its own. */
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import ray from '../../plugins/trainers/ray/index.ts';
import { testPlugin } from '../../src/testing.ts';
import { NO_NAMESPACE } from '../helpers/network-namespace.ts';
import { casesOf, checkTrainer, expectSameAsHere } from '../helpers/remote-trials.ts';
import { Cluster } from './cluster.ts';
import { trial } from './trial.ts';

const cluster = NO_NAMESPACE === null ? await Cluster.start() : null;
afterAll(async () => cluster?.stop());

if (cluster === null) {
  it.skip(`trials on Ray: ${NO_NAMESPACE}`, () => {});
} else {
  const trainer = (options: object = {}) => ({
    use: 'ray',
    with: { ...cluster.options, run: ['sh', 'train.sh'], ...options },
    timeout: '60s',
  });
  const left = () => readdirSync(cluster.folder).filter((name) => name.startsWith('job.'));

  describe('trials on Ray', () => {
    it('end as the same trials here do, but for the hardware, and leave nothing there', async () => {
      await expectSameAsHere(trainer());
      expect([await cluster.jobs(), left()]).toEqual([[], []]);
    });

    it('bring back the files they are asked for, and what is printed as it was', async () => {
      const text = 'one\\ntwo\\rthree\\r\\n= end {}\\n\\303\\244 | \\377 last';
      const script = `printf '${text}'; head -c 100000 /dev/zero > big.bin; ln -s /etc/passwd link; echo more > more.txt\n`;
      const { outcome, log, back } = await trial(cluster, script, { options: { outputs: ['big.bin', 'link', 'absent'] } });
      expect([outcome.exit, log]).toEqual(['completed', 'one\ntwo\rthree\r\n= end {}\nä | \uFFFD last']);
      expect([...back].map(([name, bytes]) => [name, bytes.length])).toEqual([['big.bin', 100_000]]);
    });

    it('get the program, variables and settings of their own, and no token of Ray', async () => {
      const script = `env; cat ${cluster.tokenFile} /proc/*/environ; ls -R ${cluster.dir}; echo fine\n`;
      const { log } = await trial(cluster, script, { request: { env: { AUTORESEARCH_SEED: "it's 3" } } });
      expect(log).toContain("AUTORESEARCH_SEED=it's 3\n");
      expect(log).toContain('fine\n');
      expect(log).not.toContain(readFileSync(cluster.tokenFile, 'utf8'));
      expect(log).not.toMatch(/^RAY_|AUTORESEARCH_JOB|source\.pack|job-driver/m);
    });

    it('are ended at their timeout, and when they are aborted', async () => {
      const timedOut = await trial(cluster, 'echo begun; sleep 1000\n', { request: { timeoutMs: 1500 } });
      expect(timedOut.outcome).toMatchObject({ exit: 'timed-out' });
      const stop = new AbortController();
      const aborted = await trial(cluster, 'echo begun; sleep 1000 & sleep 1000\n', {
        request: { signal: stop.signal, onLine: () => stop.abort() },
      });
      expect([aborted.outcome.exit, cluster.pids('sleep 1000')]).toEqual(['aborted', []]);
    });

    it('run their own commit or none, though all jobs of a commit share a folder on a machine', async () => {
      const script = 'ls; cat metrics.json; echo measured\n';
      await trial(cluster, script);
      await trial(cluster, 'echo another commit\n');
      const shared = join(cluster.session(), 'runtime_resources/working_dir_files');
      const packages = readdirSync(shared).filter((name) => existsSync(join(shared, name, 'source.pack')));
      for (const name of packages) writeFileSync(join(shared, name, 'metrics.json'), 'stale');
      const { log } = await trial(cluster, script);
      expect(log).toBe('train.sh\ncat: metrics.json: No such file or directory\nmeasured\n');
      const last = packages
        .map((name) => join(shared, name, 'source.pack'))
        .sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs)
        .at(-1);
      for (const name of packages) copyFileSync(last ?? '', join(shared, name, 'source.pack'));
      const spoilt = await trial(cluster, script);
      expect([spoilt.outcome.exit, spoilt.log]).toEqual(['lost', expect.not.stringContaining('measured')]);
    });

    it('cannot reach the folder of another trial that runs at the same time', async () => {
      const victim = trial(cluster, 'echo secret-of-the-other > own.txt; sleep 4; cat own.txt\n');
      const thief = trial(
        cluster,
        `for i in 1 2 3 4 5 6 7 8; do cat $(find ${cluster.dir} /proc/*/cwd/ -name own.txt); sleep 0.5; done; echo looked\n`,
      );
      expect((await victim).log).toBe('secret-of-the-other\n');
      expect((await thief).log).toContain('looked');
      expect((await thief).log).not.toContain('secret-of-the-other');
    });
  });

  describe('check', () => {
    const check = (options: object) => checkTrainer(trainer(options));

    it('runs a trial that does nothing, and says what it took', async () => {
      const { code, text } = await check({});
      expect(text).toMatch(/worker: .+ x \d+, (in bwrap|without a sandbox); a trial that does nothing takes \d+\.\d s/);
      expect(code).toBe(0);
    });

    it.each([
      [
        'a machine has what a trial asks for',
        { numGpus: 4, resources: { trial: 1 } },
        /RAY_RESOURCES: no machine of .*GPU 4.*the most there is: .*GPU 0/,
      ],
      ['the token is the right one', { tokenFile: 'value.txt' }, /RAY_TOKEN: .*40[13].*\n.*RAY_AUTH_TOKEN/],
      ['somebody answers', { address: 'http://127.0.0.1:1' }, /RAY_UNREACHABLE: .*\n.*curl/],
    ])('says before a run whether %s', async (_, options, text) => {
      expect(await check(options)).toEqual({ code: 3, text: expect.stringMatching(text) });
    });
  });

  testPlugin(ray, {
    options: {
      valid: [{ ...cluster.options, run: ['true'] }],
      invalid: [
        {},
        { run: ['true'], address: 'head:8265' },
        { run: ['true'], runtimeEnv: { working_dir: '.' } },
        { run: ['true'], resources: { trial: 0 } },
        { run: ['true'], token: 'a-secret' },
      ],
    },
    limitMs: 120_000,
    cases: casesOf((...argv) => ({ ...cluster.options, run: argv })),
  });
}
