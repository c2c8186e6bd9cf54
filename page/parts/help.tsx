import { useEffect, useRef } from 'preact/hooks';

const KEYS: readonly (readonly [string, string])[] = [
  ['j, k', 'the next and the previous experiment'],
  ['Esc', 'close, or leave a field'],
  ['/', 'search'],
  ['1 to 9, 0', 'the tabs'],
  ['c', 'compare, and back'],
  ['+, −', 'zoom the chart'],
  ['?', 'this'],
];
const ACTS: readonly (readonly [string, string])[] = [
  ['n', 'write a note'],
  ['a, x, q', 'approve, reject, ask'],
  ['s', 'steer'],
  ['p', 'pause, or go on'],
];

export function Help({ canAct, onClose }: { readonly canAct: boolean; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="keys">
      <h2 id="keys">Keys</h2>
      <dl class="facts">
        {[...KEYS, ...(canAct ? ACTS : [])].map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p class="acts">
        <button type="button" class="main" onClick={onClose}>
          Close
        </button>
      </p>
    </dialog>
  );
}
