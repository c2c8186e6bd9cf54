export type LineKind = 'added' | 'removed' | 'hunk' | 'file' | 'same';

/** Heads of files are shortened to the file's name. */
export function linesOf(diff: string): { readonly kind: LineKind; readonly text: string }[] {
  let isHead = false;
  return diff.split('\n').flatMap((line): { kind: LineKind; text: string }[] => {
    if (line.startsWith('diff --git ')) {
      isHead = true;
      const name = line.slice('diff --git a/'.length, 'diff --git a/'.length + (line.length - 'diff --git a/'.length - ' b/'.length) / 2);
      return [{ kind: 'file', text: name }];
    }
    if (line.startsWith('@@')) {
      isHead = false;
      return [{ kind: 'hunk', text: line }];
    }
    if (isHead) return /^(index|---|\+\+\+) /.test(line) ? [] : [{ kind: 'file', text: line }];
    return [{ kind: line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'same', text: line }];
  });
}
