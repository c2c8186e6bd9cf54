import type { MarkKind } from '../data/address.ts';

const CHOICES: readonly (readonly [MarkKind, string])[] = [
  ['keep', 'kept'],
  ['review', 'parked'],
  ['discard', 'discarded'],
  ['crash', 'crashed'],
  ['undone', 'rolled back'],
  ['control', 'controls'],
];

interface Props {
  readonly search: string;
  readonly kinds: readonly MarkKind[];
  readonly found: number;
  readonly of: number;
  readonly onSearch: (text: string) => void;
  readonly onKinds: (kinds: readonly MarkKind[]) => void;
}

export function ListTools({ search, kinds, found, of, onSearch, onKinds }: Props) {
  const toggle = (kind: MarkKind): void => onKinds(kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind]);
  return (
    <div class="tools">
      <input
        type="search"
        id="search"
        placeholder="search title, agent, reason, #12  ( / )"
        aria-label="search experiments"
        value={search}
        onInput={(event) => onSearch(event.currentTarget.value)}
      />
      <div class="kinds" role="group" aria-label="show only">
        {CHOICES.map(([kind, text]) => (
          <button key={kind} type="button" aria-pressed={kinds.includes(kind)} onClick={() => toggle(kind)}>
            {text}
          </button>
        ))}
      </div>
      <span class="soft count" aria-live="off">
        {found === of ? of : `${found} of ${of}`}
      </span>
    </div>
  );
}
