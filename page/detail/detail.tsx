import { useState } from 'preact/hooks';
import type { PageDetail } from '../../src/page/detail-model.ts';
import type { PageHead, PageRow } from '../../src/page/model.ts';
import type { Source, Wish } from '../data/source.ts';
import { StandingBadge, VerdictBadge } from '../parts/badge.tsx';
import { Facts } from '../parts/facts.tsx';
import { delta, localTime, score } from '../parts/format.ts';
import { Decisions } from '../tabs/decide.tsx';
import { Actions } from './actions.tsx';
import { Curves } from './curves.tsx';
import { Diff } from './diff.tsx';
import { Gates } from './gates.tsx';
import { Trials } from './trials.tsx';
import { useDetail } from './use-detail.ts';
import { Words } from './words.tsx';

interface Props {
  readonly source: Source;
  readonly head: PageHead;
  /** As the list has it; what changes here is read again. */
  readonly row: PageRow | undefined;
  readonly id: number;
  readonly onClose: () => void;
  readonly onCompare: (id: number | null) => void;
  readonly onWish: (wish: Wish) => Promise<boolean>;
}

export function Detail({ source, head, row, id, onClose, onCompare, onWish }: Props) {
  const detail = useDetail(source, id, row);
  return (
    <aside class="detail" aria-label={`experiment ${id}`}>
      <header>
        <button type="button" class="close" onClick={onClose} aria-label="close" title="close (Esc)">
          ←
        </button>
        <h2>
          #{id} {row?.title}
        </h2>
        <CompareWith id={id} onCompare={onCompare} />
      </header>
      <div class="body" tabIndex={0} role="region" aria-label="details">
        {detail === undefined && <p class="soft">Reading …</p>}
        {detail === null && (
          <p class="soft">
            This file has no details of #{id};{' '}
            <code>
              autoresearch show {id} --run {head.run}
            </code>{' '}
            has.
          </p>
        )}
        {detail && <Whole detail={detail} head={head} />}
      </div>
      {source.canAct && detail?.isReviewable && <Actions key={id} id={id} onWish={onWish} />}
    </aside>
  );
}

function CompareWith({ id, onCompare }: Pick<Props, 'id' | 'onCompare'>) {
  const [text, setText] = useState('');
  return (
    <form
      class="compare-with"
      onSubmit={(event) => {
        event.preventDefault();
        const other = Number(text.replace('#', ''));
        if (text.trim() !== '' && Number.isInteger(other) && other >= 0 && other !== id) onCompare(other);
      }}
    >
      <input
        type="text"
        inputMode="numeric"
        size={9}
        placeholder="compare #"
        aria-label="compare with experiment"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}

function Whole({ detail, head }: { readonly detail: PageDetail; readonly head: PageHead }) {
  const { row, reason, params, incumbent, metrics } = detail;
  const names = Object.keys(metrics);
  return (
    <>
      <p class="outcome">
        <VerdictBadge row={row} /> <StandingBadge standing={row.standing} /> <b>{score(row.score, head.decimals)}</b>{' '}
        {delta(row.delta, head.decimals)}
        {incumbent !== null && <span class="soft"> against #{incumbent.id}</span>}
      </p>
      <p>
        {reason.text} <code>{reason.code}</code>
      </p>
      <Decisions decisions={detail.decisions} />
      <Words detail={detail} decimals={head.decimals} />
      <Gates judgements={detail.judgements} />
      <Curves curves={detail.curves} others={incumbent?.curves ?? []} otherName={`incumbent #${incumbent?.id ?? ''}`} />
      <Diff diff={detail.diff} left={detail.diffLeft} candidate={detail.candidate} />
      {Object.keys(params).length > 0 && (
        <section>
          <h3>Parameters</h3>
          <Facts facts={Object.entries(params).map(([name, value]) => [name, String(value)] as const)} />
        </section>
      )}
      <Trials title="Trials" trials={detail.trials} metrics={names} />
      <Trials title="The incumbent beside them" trials={detail.beside} metrics={names} />
      {detail.samples.length > 0 && (
        <section>
          <h3>Samples</h3>
          {detail.samples.map((text, at) => (
            <blockquote key={at}>{text}</blockquote>
          ))}
        </section>
      )}
      {detail.log.trim() !== '' && (
        <section>
          <h3>End of the log</h3>
          <pre tabIndex={0} role="region" aria-label="end of the log">
            {detail.log}
          </pre>
        </section>
      )}
      <p class="soft origin">
        Proposed {detail.origin}; <code>{detail.candidate?.slice(0, 7) ?? 'no commit'}</code> on <code>{detail.parent.slice(0, 7)}</code>,{' '}
        {localTime(detail.settledAt)}
      </p>
    </>
  );
}
