import { setTimeout as sleep } from 'node:timers/promises';
import type { RemoteJob } from '../plugin.ts';
import type { DeclareAt, EnginePlace } from './engine-place.ts';
import { expectThat } from './law.ts';

/** Runs until it is ended, with a process beside it. */
const ENDLESS = 'sleep 1000 & while :; do sleep 0.2; done';

/** One job for a key, from its submission until it is forgotten. */
export function testEngineLifetime(law: DeclareAt): void {
  testStarts(law);
  testEnds(law);
}

function testStarts(law: DeclareAt): void {
  law('finds what was submitted, also from a new process', 'null before, and the handle of submit after', async (place) => {
    const engine = await place.open();
    const job = await place.job(ENDLESS);
    const before = await engine.find(job.key);
    expectThat(before === null, `find gave ${JSON.stringify(before)} for a key that was never submitted`);
    const handle = await place.submit(engine, job);
    for (const one of [engine, await place.open()]) await expectHandle(one.find(job.key), handle, 'find');
    await place.until(await place.open(), handle, 'running');
  });

  law('starts a key once, however often it is submitted', 'the same handle each time, and one start', async (place) => {
    const engine = await place.open();
    const job = await place.job('sleep 1');
    const handle = await place.submit(engine, job);
    await expectHandle(place.submit(engine, job), handle, 'submit');
    await place.until(engine, handle, 'running', 'ended');
    await expectHandle(place.submit(await place.open(), job), handle, 'submit from another process, while it runs,');
    await place.until(engine, handle, 'ended');
    await expectHandle(place.submit(await place.open(), job), handle, 'submit after its end');
    await place.until(engine, handle, 'ended');
    await expectStarts(place, job, 1);
  });

  law('tells how the program ended and what it ran', 'its exit code, and the id of the tree it was given', async (place) => {
    const engine = await place.open();
    for (const code of [0, 3]) {
      const job = await place.job(`exit ${code}`);
      const { end } = await place.until(engine, await place.submit(engine, job), 'ended');
      expectThat(end.exitCode === code && end.why === null, `exit ${code} became ${JSON.stringify(end)}`);
      expectThat(end.tree === job.tree, `tree ${JSON.stringify(end.tree)} in place of ${job.tree}`);
      expectThat(end.seconds >= 0 && Number.isFinite(end.seconds), `seconds: ${end.seconds}`);
    }
  });

  law('knows nothing of a job that was forgotten, and takes its key again', 'find: null, poll: lost, and a second start', async (place) => {
    const job = await place.job('exit 0');
    const engine = await place.open();
    const handle = await place.submit(engine, job);
    await place.until(engine, handle, 'ended');
    await engine.forget(handle);
    await engine.forget(handle);
    // An engine may clean up at its end.
    await place.close();
    const next = await place.open();
    const found = await next.find(job.key);
    expectThat(found === null, `find gave ${JSON.stringify(found)}`);
    await place.until(next, handle, 'lost');
    for (const again of [() => next.cancel(handle), () => next.forget(handle)]) await again();
    const { end } = await place.until(next, await place.submit(next, job), 'ended');
    expectThat(end.exitCode === 0, `submitted again it ended with ${JSON.stringify(end)}`);
    await expectStarts(place, job, 2);
  });
}

function testEnds(law: DeclareAt): void {
  law('ends a program at the timeout of its job', "an end with why: 'timeout'", async (place) => {
    const engine = await place.open();
    const handle = await place.submit(engine, await place.job(ENDLESS, { timeoutMs: 1000 }));
    const { end } = await place.until(engine, handle, 'ended');
    expectThat(end.why === 'timeout', `why: ${JSON.stringify(end.why)}`);
  });

  law('ends a job that is cancelled, and takes it well when that is done again', 'a job that is over, and is no success', async (place) => {
    const engine = await place.open();
    const handle = await place.submit(engine, await place.job(ENDLESS));
    await place.until(engine, handle, 'running');
    await engine.cancel(handle);
    const seen = await place.until(engine, handle, 'ended', 'lost');
    expectThat(seen.state === 'lost' || seen.end.exitCode !== 0 || seen.end.why === 'cancelled', `it is ${JSON.stringify(seen)}`);
    await engine.cancel(handle);
    await (await place.open()).cancel(handle);
  });

  law('leaves the end of a job as it was when it is cancelled after it', 'exit code 0', async (place) => {
    const engine = await place.open();
    const handle = await place.submit(engine, await place.job('exit 0'));
    await place.until(engine, handle, 'ended');
    await engine.cancel(handle);
    const { end } = await place.until(await place.open(), handle, 'ended');
    expectThat(end.exitCode === 0 && end.why === null, `it is ${JSON.stringify(end)}`);
  });
}

async function expectHandle(asked: Promise<string | null>, handle: string, what: string): Promise<void> {
  const came = await asked;
  expectThat(came === handle, `${what} gave ${JSON.stringify(came)} in place of ${JSON.stringify(handle)}`);
}

/** A folder that machines share may show late what was written. */
async function expectStarts(place: EnginePlace, job: RemoteJob, expected: number): Promise<void> {
  for (let tried = 0; tried < 25 && (await place.starts(job)) !== expected; tried++) await sleep(200);
  const starts = (await place.starts(job)) ?? expected;
  expectThat(starts === expected, `it was started ${starts} times`);
}
