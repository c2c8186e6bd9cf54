import type { PageDetail } from '../../src/page/detail-model.ts';

/** What each gate said, with its reason. */
export function Gates({ judgements }: Pick<PageDetail, 'judgements'>) {
  if (judgements.length === 0) return null;
  return (
    <section>
      <h3>Gates</h3>
      <ul class="gates">
        {judgements.map(({ gate, outcome, code, reason, evidence }, at) => (
          <li key={at}>
            <b class={`outcome ${outcome}`}>{outcome}</b>
            <div>
              <p>
                {gate}: {reason.trim() === '' ? 'gave no reason' : reason} <code>{code}</code>
              </p>
              {evidence !== '' && (
                <details>
                  <summary>evidence</summary>
                  <code class="evidence">{evidence}</code>
                </details>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
