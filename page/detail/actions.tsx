import { useState } from 'preact/hooks';
import type { Wish } from '../data/source.ts';

interface Props {
  readonly id: number;
  readonly onWish: (wish: Wish) => Promise<boolean>;
}

const CHOICES = [
  ['approve', 'Approve', 'a'],
  ['reject', 'Reject', 'x'],
  ['ask', 'Ask', 'q'],
] as const;

/** The decision of a person, with a note; it stays at the foot of the detail, whatever its length. */
export function Actions({ id, onWish }: Props) {
  const [note, setNote] = useState('');
  const [isBusy, setBusy] = useState(false);
  const decide = async (decision: 'approve' | 'reject' | 'ask'): Promise<void> => {
    setBusy(true);
    const isDone = await onWish({ kind: 'review', experiment: id, decision, note });
    setBusy(false);
    if (isDone) setNote('');
  };
  const isUnasked = note.trim() === '';
  return (
    <form class="actions" aria-label={`decide on #${id}`} onSubmit={(event) => event.preventDefault()}>
      <input
        type="text"
        placeholder="why, or your question"
        aria-label="note"
        maxLength={10_000}
        value={note}
        onInput={(event) => setNote(event.currentTarget.value)}
      />
      {CHOICES.map(([decision, text, key]) => (
        <button
          key={decision}
          type="button"
          class={decision}
          data-decision={decision}
          title={decision === 'ask' && isUnasked ? 'write a question first' : `${text} (${key})`}
          disabled={isBusy || (decision === 'ask' && isUnasked)}
          onClick={() => void decide(decision)}
        >
          {text}
        </button>
      ))}
    </form>
  );
}
