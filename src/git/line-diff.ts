/** Larger files are left to git. */
const MOST_BYTES = 256 * 1024;
/** Names that git prints as they are. */
const PLAIN_NAME = /^[\w./ +@=,~-]+$/;

/**
 * What `git diff -U0` prints of one file, but for its header's object names and its line numbers, where all that has
 * changed is one run of lines. Null where it may be more than one, or the file is not text: git must say.
 */
export function lineDiff(path: string, before: Buffer, after: Buffer): string | null {
  if (!PLAIN_NAME.test(path) || [before, after].some((content) => content.length > MOST_BYTES || content.includes(0))) return null;
  const [old, now] = [linesOf(before), linesOf(after)];
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const removed = old.slice(head, old.length - tail);
  const added = now.slice(head, now.length - tail);
  // A line on both sides may stay, and would part the run into two.
  const known = new Set(removed);
  if (added.some((line) => known.has(line))) return null;
  if (removed.length + added.length === 0) return '';
  const signed = [...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)];
  const text = signed.map((line) => (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`)).join('');
  // Git marks the end of a name with a space in it.
  const end = path.includes(' ') ? '\t' : '';
  return `diff --git a/${path} b/${path}\n--- a/${path}${end}\n+++ b/${path}${end}\n@@ -0 +0 @@\n${text}`;
}

/** Each with its line end, where it has one. */
function linesOf(content: Buffer): string[] {
  return content.toString('utf8').match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
