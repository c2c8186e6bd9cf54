import { useEffect, useRef, useState } from 'preact/hooks';
import type { Wish } from '../data/source.ts';

export type Asking = 'steer' | 'pause' | 'resume' | 'stop';

const WORDS = {
  steer: ['Steer', 'A hint for the next proposal, as your agent will read it.', 'the hint'],
  pause: ['Pause', 'The experiment under way is finished; then the run works on nothing until you let it go on.', 'why (optional)'],
  resume: ['Resume', 'The run goes on with the next experiment.', ''],
  stop: ['Stop', 'The experiment under way is finished; then the run ends as if its budget were used up.', 'why (optional)'],
} as const satisfies Record<Asking, readonly [string, string, string]>;

interface Props {
  readonly asking: Asking;
  readonly onClose: () => void;
  readonly onWish: (wish: Wish) => Promise<boolean>;
}

/** Asks before it acts, and for a text where one belongs to it. */
export function AskFor({ asking, onClose, onWish }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const [title, what, label] = WORDS[asking];
  useEffect(() => dialog.current?.showModal(), []);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const wish: Wish = asking === 'steer' ? { kind: asking, text } : asking === 'resume' ? { kind: asking } : { kind: asking, note: text };
    if (await onWish(wish)) onClose();
  };
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="asking">
      <form onSubmit={(event) => void send(event)}>
        <h2 id="asking">{title}</h2>
        <p>{what}</p>
        {label !== '' && (
          <textarea rows={3} aria-label={label} placeholder={label} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        )}
        <p class="acts">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="main" disabled={asking === 'steer' && text.trim() === ''}>
            {title}
          </button>
        </p>
      </form>
    </dialog>
  );
}
