import { linesOf, type LineKind } from './diff-lines.ts';
import { highlight } from './highlight.ts';

interface Props {
  readonly diff: string;
  /** Lines that are not here. */
  readonly left: number;
  readonly candidate: string | null;
}

/** A change as `git diff` prints it, line by line. */
export function Diff({ diff, left, candidate }: Props) {
  if (diff.trim() === '') return null;
  return (
    <section>
      <h3>Diff</h3>
      <pre class="diff" tabIndex={0} role="region" aria-label="diff">
        {linesOf(diff).map(({ kind, text }, at) => (
          <Line key={at} kind={kind} text={text} />
        ))}
      </pre>
      {left > 0 && (
        <p class="soft">
          {left} more lines: <code>git show {candidate?.slice(0, 7)}</code>
        </p>
      )}
    </section>
  );
}

function Line({ kind, text }: { readonly kind: LineKind; readonly text: string }) {
  if (kind === 'hunk' || kind === 'file') return <span class={kind}>{`${text}\n`}</span>;
  return (
    <span class={kind}>
      {text.slice(0, 1)}
      {highlight(text.slice(1)).map((token, at) =>
        token.kind === null ? (
          token.text
        ) : (
          <i key={at} class={token.kind}>
            {token.text}
          </i>
        ),
      )}
      {'\n'}
    </span>
  );
}
