/** The words that logs have for verdicts. */
export type Status = 'keep' | 'discard' | 'crash';
/** `judge`: the row ran, and whether it was kept is told by its score; `skip`: the row is no experiment. */
export type Meaning = Status | 'judge' | 'skip';

const WORDS: Readonly<Record<Meaning, string>> = {
  keep: `keep kept keeps keeper accept accepted adopt adopted improve improved improvement merge merged commit committed baseline base initial
    reference win winner won best new-best success promoted champion applied yes true y 1 + ✓ ✔ ✅ ☑ 👍 🏆 保留 基线 接受 采纳`,
  discard: `discard discarded reject rejected revert reverted rollback rolled-back roll drop dropped undo undone worse regress regressed
    regression same neutral no-change unchanged no-improvement no-op noop no-gain marginal checks-failed check-failed checks failed-checks
    guard-failed gate-failed blocked hook-blocked refused violation boundary-violation tentative partial inconclusive pending candidate
    ablation abandoned superseded skipped lost lose loss no false n 0 x ✗ ✘ ❌ ✖ × 👎 回滚 丢弃 放弃 拒绝 舍弃`,
  crash: `crash crashed crashes error errored exception oom out-of-memory timeout timed-out time-out nan diverged divergence invalid killed
    aborted abort broken fatal segfault 💥 崩溃 报错`,
  judge: 'ok okay confirmed done complete completed finished pass passed passing measured valid ran run fail failed failure',
  skip: 'refine pivot note meta info hook config init start started running queued planned todo search present draft',
};

const MEANINGS = new Map(
  Object.entries(WORDS).flatMap(([meaning, words]) => words.split(/\s+/).map((word) => [word, meaning as Meaning] as const)),
);

/** What a status means; also `keep (reworked)`, `discard: no gain`, `**KEEP**`, `crash_oom`. Null for unknown words. */
export function meaningOf(text: string, own: ReadonlyMap<string, Meaning> = new Map()): Meaning | null {
  const word = normal(text);
  const known = own.get(word) ?? MEANINGS.get(word);
  if (known !== undefined) return known;
  for (const size of [2, 1]) {
    const head = word.split('-').slice(0, size).join('-');
    const found = own.get(head) ?? (head.length > 2 ? MEANINGS.get(head) : undefined);
    if (found !== undefined && found !== 'skip') return found;
  }
  // confirmed-keep
  const last = word.split('-').at(-1) ?? '';
  if (last === 'keep' || last === 'discard' || last === 'crash') return last;
  for (const [start, meaning] of STARTS) if (word.startsWith(start)) return meaning;
  return null;
}

const STARTS: readonly (readonly [string, Status])[] = [
  ['keep', 'keep'],
  ['kept', 'keep'],
  ['baseline', 'keep'],
  ['基线', 'keep'],
  ['保留', 'keep'],
  ['discard', 'discard'],
  ['reject', 'discard'],
  ['revert', 'discard'],
  ['回滚', 'discard'],
  ['crash', 'crash'],
];

/** Lower case, words joined by `-`, without the marks around it. */
export function normal(text: string): string {
  const bare = text
    .trim()
    .replace(/\uFE0F/g, '')
    .toLowerCase();
  const word = bare.replace(/[\s_:;,./()[\]"'`*~!|—–-]+/g, '-').replace(/^-+|-+$/g, '');
  // ✅ keep: the word says it.
  return word.replace(/^[^\p{L}\p{N}]+-(?=\p{L})/u, '') || bare;
}
