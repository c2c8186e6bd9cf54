import type { PageHead } from '../../src/page/model.ts';

/** For somebody who has ten seconds: what the project is, what was gained as audited, whether guards held, what to decide, what to type. */
export function Brief({ head }: { readonly head: PageHead }) {
  const { brief, project, claim, notes, objective } = head;
  return (
    <section class="brief" aria-label="In short">
      <h1 class={brief.tone}>{sentence(brief.result, objective.label)}</h1>
      {project !== '' && (
        <p class="project" title={project}>
          {project}
        </p>
      )}
      <dl class="facts">
        {claim !== '' && <Fact name="Audit">{claim}</Fact>}
        <Fact name="Guards">{brief.guards}</Fact>
        <Fact name="To decide">{brief.decide}</Fact>
        {/* Whoever reads this has the report before them. */}
        {!brief.next.startsWith('autoresearch report') && (
          <Fact name="Next">
            <code>{brief.next}</code>
          </Fact>
        )}
      </dl>
      {notes.map((note) => (
        <p class="note" key={note}>
          {note}
        </p>
      ))}
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A metric's name keeps its case. */
function sentence(text: string, label: string): string {
  return `${text.startsWith(label) ? text.charAt(0) : text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
