import { distance } from 'fastest-levenshtein';

/** The candidate a mistyped word was probably meant to be, if one is near enough. */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const allowed = Math.max(1, Math.floor(word.length * 0.4));
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const name of candidates) {
    const edits = editsBetween(fold(word), fold(name));
    if (edits <= allowed && (best === undefined || edits < best.edits)) best = { name, edits };
  }
  return best?.name;
}

/** `. Did you mean "x"?`, or nothing: to be put after a message. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const meant = suggest(word, candidates);
  return meant === undefined ? '' : `. Did you mean "${meant}"?`;
}

// Letters in the wrong order are one slip of the fingers, not two edits.
function editsBetween(word: string, name: string): number {
  const edits = distance(word, name);
  return edits === 2 && sorted(word) === sorted(name) ? 1 : edits;
}

function sorted(word: string): string {
  return Array.from(word).toSorted().join('');
}

// min_delta, min-delta and minDelta are the same word to a person.
function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[\s_-]/g, '');
}
