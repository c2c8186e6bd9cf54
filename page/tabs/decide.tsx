import type { Decide, DecideItem, PageDecision } from '../../src/page/model.ts';
import { StandingBadge, VerdictBadge } from '../parts/badge.tsx';
import { ExperimentLink } from '../parts/experiment-link.tsx';
import { localTime } from '../parts/format.ts';

interface Props {
  readonly decide: Decide;
  readonly run: string;
}

/** What waits for a person, as cards: why, risks and evidence at one glance; the decision is made beside the diff. */
export function DecideTab({ decide: { items, promotions }, run }: Props) {
  const isOpen = ({ standing }: DecideItem): boolean => standing === 'waiting' || standing === 'asked';
  const parked = items.filter((item) => isOpen(item) && item.isParked);
  const kept = items.filter((item) => isOpen(item) && !item.isParked);
  const decided = items.filter((item) => !isOpen(item));
  return (
    <>
      {parked.length === 0 && <p class="soft">Nothing waits for a decision.</p>}
      {parked.length > 0 && (
        <p class="soft">
          These passed every other gate, and the run went on without them. In a terminal: <code>autoresearch review {run}</code>
        </p>
      )}
      <Cards items={parked} />
      {kept.length > 0 && (
        <>
          <h3>Kept, not decided on yet</h3>
          <p class="soft">The run goes on from these. Only approved ones are promoted.</p>
          <Cards items={kept} />
        </>
      )}
      {decided.length > 0 && <h3>Decided</h3>}
      <Cards items={decided} />
      {promotions.length > 0 && <h3>Promoted</h3>}
      <ul>
        {promotions.map(({ branch, text }) => (
          <li key={branch}>
            <code>{branch}</code> {text}
          </li>
        ))}
      </ul>
    </>
  );
}

function Cards({ items }: { readonly items: readonly DecideItem[] }) {
  return (
    <ul class="cards">
      {items.map((item) => (
        <li key={item.row.id} class={`card ${item.standing}`}>
          <p class="card-title">
            <ExperimentLink id={item.row.id}>
              #{item.row.id} {item.row.title}
            </ExperimentLink>{' '}
            <VerdictBadge row={item.row} /> <StandingBadge standing={item.standing} />
          </p>
          <p>
            <span class="soft">gain</span> <b>{item.gain}</b>
          </p>
          {item.hypothesis !== '' && <p>{item.hypothesis}</p>}
          {item.risks.length > 0 && (
            <p>
              <span class="soft">risks</span> {item.risks.join(' · ')}
            </p>
          )}
          <p class="soft">{item.reason}</p>
          <Decisions decisions={item.decisions} />
        </li>
      ))}
    </ul>
  );
}

/** All decisions on one experiment, oldest first. */
export function Decisions({ decisions }: { readonly decisions: readonly PageDecision[] }) {
  if (decisions.length === 0) return null;
  return (
    <ul class="decisions">
      {decisions.map(({ standing, by, at, note }) => (
        <li key={at}>
          <StandingBadge standing={standing} /> by {by}, {localTime(at)}
          {note !== '' && `: ${note}`}
        </li>
      ))}
    </ul>
  );
}
