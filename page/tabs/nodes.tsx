import type { PageHead } from '../../src/page/model.ts';
import type { SwarmOverview } from '../../src/swarm/overview.ts';
import { formatNumber, plural } from '../../src/views/format.ts';
import { delta } from '../parts/format.ts';

interface Props {
  readonly swarm: SwarmOverview | null;
  readonly head: PageHead;
}

/** The nodes that work on the same run: what each found, and what others have made of that. */
export function NodesTab({ swarm, head }: Props) {
  if (swarm === null || swarm.nodes.length === 0) return <p class="soft">This run is on one machine.</p>;
  const { nodes, owners, experiments, claims, perHour, incumbents, confirmations, waiting } = swarm;
  return (
    <>
      <p class="soft">
        {plural(nodes.length, 'node')} of {plural(owners, 'owner')}, {plural(experiments, 'experiment')}
        {perHour !== null && `, ${formatNumber(perHour, 1)} an hour`}; {claims.confirmed} of their keeps confirmed by others,{' '}
        {claims.claimed} not measured again yet, {claims.refuted} refuted.
        {waiting > 0 && ` ${waiting} entries wait for others that have not arrived.`}
      </p>
      {incumbents.map(({ origin, hardware, effect, sd, changes }) => (
        <p key={hardware}>
          <span class="soft">incumbent of all{hardware !== '' && ` on ${hardware}`}</span> <b>{origin}</b>, a change of{' '}
          {delta(effect, head.digits)} ± {formatNumber(2 * sd, head.digits)} from {plural(changes.length, 'confirmed change')}
        </p>
      ))}
      <Table nodes={nodes} />
      <Keeps keeps={swarm.keeps} digits={head.digits} />
      {confirmations.length > 0 && <h3>Who measured whom again</h3>}
      <ul>
        {confirmations.map(({ of, by, supported, contradicted }) => (
          <li key={`${of} ${by}`}>
            {by} measured keeps of {of}: {supported} for them, {contradicted} against
          </li>
        ))}
      </ul>
    </>
  );
}

/** What each keep came to, and who measured it again. */
function Keeps({ keeps, digits }: Pick<SwarmOverview, 'keeps'> & { readonly digits: number }) {
  if (keeps.length === 0) return null;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="keeps of all nodes">
      <table>
        <thead>
          <tr>
            {['keep', 'owner', 'hardware', 'title', 'claim'].map((name) => (
              <th key={name}>{name}</th>
            ))}
            <th class="n">effect</th>
            <th>measured again by</th>
          </tr>
        </thead>
        <tbody>
          {keeps.toReversed().map(({ origin, owner, hardware, title, status, effect, sd, by }) => (
            <tr key={`${hardware} ${origin}`}>
              <th scope="row">{origin}</th>
              <td>{owner}</td>
              <td>{hardware || '–'}</td>
              <td>{title}</td>
              <td class={status === 'refuted' ? 'bad' : ''}>{status === 'claimed' ? 'open' : status}</td>
              <td class="n">
                {delta(effect, digits)} ± {formatNumber(2 * sd, digits)}
              </td>
              <td>{by.map((one) => `${one.origin}${one.supports ? '' : ' (against it)'}`).join(', ') || '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Table({ nodes }: Pick<SwarmOverview, 'nodes'>) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="nodes">
      <table>
        <thead>
          <tr>
            {['node', 'owner', 'hardware'].map((name) => (
              <th key={name}>{name}</th>
            ))}
            {['experiments', 'keeps', 'confirmed', 'missed', 'refuted', 'weight', 'an hour'].map((name) => (
              <th class="n" key={name}>
                {name}
              </th>
            ))}
            <th>notes</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <tr key={node.id}>
              <th scope="row">{node.id}</th>
              <td>
                {node.owner}
                {!node.isListed && <span class="soft"> (guest)</span>}
              </td>
              <td>{node.hardware.join(', ') || '–'}</td>
              {[node.experiments, node.keeps, node.confirmed, node.missed, node.refuted].map((count, at) => (
                <td class="n" key={at}>
                  {count}
                </td>
              ))}
              <td class="n">{formatNumber(node.weight, 2)}</td>
              <td class="n">{node.perHour === null ? '–' : formatNumber(node.perHour, 1)}</td>
              <td>
                {node.problems.map(({ code, text }) => (
                  <p class="bad" key={code} title={code}>
                    {text}
                  </p>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
