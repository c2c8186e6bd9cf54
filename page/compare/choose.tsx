import { useState } from 'preact/hooks';
import type { PageHead } from '../../src/page/model.ts';
import type { Other, ViewState } from '../data/address.ts';

interface Props {
  readonly head: PageHead;
  readonly runs: readonly string[];
  readonly open: number | null;
  readonly other: Other;
  readonly onChange: (change: Partial<ViewState>) => void;
}

const numberIn = (text: string): number | null => (/^\s*#?\d{1,9}\s*$/.test(text) ? Number(text.replace('#', '')) : null);

/** What to compare with what: an experiment of this run with one of any run, or the runs themselves. */
export function Choose({ head, runs, open, other, onChange }: Props) {
  const [left, setLeft] = useState(open === null ? '' : String(open));
  const [right, setRight] = useState(other.id === null ? '' : String(other.id));
  const [run, setRun] = useState(other.run ?? '');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ open: numberIn(left), compare: { run: run === '' ? null : run, id: numberIn(right) } });
      }}
    >
      <label>
        {head.run} #
        <input type="text" inputMode="numeric" size={5} value={left} onInput={(event) => setLeft(event.currentTarget.value)} />
      </label>
      <label>
        with{' '}
        <select value={run} onChange={(event) => setRun(event.currentTarget.value)}>
          <option value="">{head.run}</option>
          {runs.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        #
        <input
          type="text"
          inputMode="numeric"
          size={5}
          placeholder={run === '' ? '' : 'all'}
          value={right}
          onInput={(event) => setRight(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="main">
        Show
      </button>
    </form>
  );
}
