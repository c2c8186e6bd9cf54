import { clipLine, html, type Markup } from './html.ts';

const MOST_LINES = 400;

/** A diff as `git diff` prints it: coloured by line, cut where it would drown the rest. */
export function renderDiff(diff: string, commit: string | null): Markup {
  const lines = diff.replace(/\n$/, '').split('\n');
  const left = lines.length - MOST_LINES;
  const where = commit === null ? '' : `: git show ${commit.slice(0, 7)}`;
  return html`<h4>Diff</h4>
    <pre
      class="diff"
    ><div>${lines.slice(0, MOST_LINES).map((line) => html`<span class="${classOf(line)}">${clipLine(line) || ' '}</span>`)}</div></pre>
    ${left > 0 && html`<p class="muted">${left} more lines${where}</p>`}`;
}

function classOf(line: string): string {
  if (/^(diff|index|old|new|deleted|similarity|rename|---|\+\+\+) /.test(line)) return 'file';
  if (line.startsWith('@@')) return 'hunk';
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : 'same';
}
