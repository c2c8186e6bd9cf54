/** The built page: in the package beside the code, in a checkout in dist/. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AutoresearchError } from '../errors.ts';
import type { PageDetail } from './detail-model.ts';
import type { PageHead, PageRow, PageSections } from './model.ts';

/** Everything in a report except the details of single experiments. */
export interface ReportData {
  readonly head: PageHead;
  /** Oldest first. */
  readonly rows: readonly PageRow[];
  readonly sections: PageSections;
}

export type ReportDetails = Readonly<Record<string, PageDetail>>;

const FILES = ['page.js', 'page.css', 'index.html', 'render.js'] as const;
export type PageFile = Exclude<(typeof FILES)[number], 'render.js'>;

function folder(): string {
  const places = ['../../page', '../../dist/page'].map((path) => join(import.meta.dirname, path));
  const found = places.find((place) => FILES.every((file) => existsSync(join(place, file))));
  if (found !== undefined) return found;
  throw new AutoresearchError('PAGE_NOT_BUILT', 'the page of `ui` and `report` is not built in this checkout', { hint: 'npm run build' });
}

export function readPageFile(file: PageFile): string {
  return readFileSync(join(folder(), file), 'utf8');
}

/** The markup of the report for readers without a script, and for paper. */
export async function renderPaper(data: ReportData): Promise<string> {
  const module = (await import(pathToFileURL(join(folder(), 'render.js')).href)) as { renderPaper(data: ReportData): string };
  return module.renderPaper(data);
}
