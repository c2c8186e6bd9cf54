/** Writes the report's markup, where there is no browser. Built into a module of its own that the report command loads. */
import { renderToString } from 'preact-render-to-string';
import type { ReportData } from '../src/page/built.ts';
import { Paper } from './paper.tsx';

export function renderPaper(data: ReportData): string {
  return renderToString(<Paper {...data} />);
}
