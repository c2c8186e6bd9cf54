import type { PageHead } from '../../src/page/model.ts';

/** Only what the chart shows; each with a shape, so that colour is never the only sign. */
export function Legend({ head }: { readonly head: PageHead }) {
  const { stats, levels, sigma } = head;
  const has = (name: string): boolean => stats.some(([stat, text]) => stat === name && text !== '0');
  const entries: readonly (readonly [boolean, string, string, string])[] = [
    [true, 'keep', '●', 'kept'],
    [has('discarded'), 'discard', '○', 'discarded'],
    [has('crashed'), 'crash', '|', 'crashed'],
    [has('parked'), 'review', '◆', 'parked for a person'],
    [has('controls besides'), 'control', '·', 'control'],
    [has('rolled back'), 'undone', '○', 'rolled back'],
    [levels.length > 0, 'audit', '■', 'audit with its interval'],
    [sigma !== null && sigma > 0, 'band', '▬', 'noise, ± 2 sigma'],
  ];
  return (
    <ul class="legend">
      {entries.map(
        ([isShown, name, shape, text]) =>
          isShown && (
            <li key={name}>
              <i class={name} aria-hidden="true">
                {shape}
              </i>{' '}
              {text}
            </li>
          ),
      )}
    </ul>
  );
}
