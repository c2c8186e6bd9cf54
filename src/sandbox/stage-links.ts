/** Which files of the person are in which stage of a trial, in the loop and in an audit. */
import { join, posix } from 'node:path';
import { sealedData } from '../config/splits.ts';
import type { Config } from '../config/types.ts';
import type { Link } from '../git/links.ts';

interface StageLinks {
  readonly links: readonly Link[];
  readonly auditLinks: readonly Link[];
}

type HiddenConfig = Pick<Config, 'data' | 'workspace' | 'trainer'>;

interface LinksInput {
  readonly config: Pick<Config, 'workspace' | 'trainer'>;
  readonly projectDir: string;
  /** Files of the commit the run starts from, relative to the project. */
  readonly files: readonly string[];
}

/** The stage of the candidate: what every worktree has, and inputs. */
export function trainerLinks({ config, projectDir, files }: LinksInput): StageLinks {
  const { workspace, trainer } = config;
  const inputs = trainer.evaluate?.inputs ?? [];
  const { links, auditLinks } = linksOf([...workspace.link, ...inputs], { config, projectDir, files });
  const heldOut = workspace.holdout.map((path) => ({ path: bare(path), source: join(projectDir, bare(path)) }));
  return { links, auditLinks: [...auditLinks, ...heldOut] };
}

/** The stage of the evaluator: the same, and the data that it alone sees. */
export function evaluatorLinks(input: LinksInput): StageLinks {
  const { workspace, trainer } = input.config;
  const { inputs = [], data = [] } = trainer.evaluate ?? {};
  return linksOf([...workspace.link, ...inputs, ...data], input);
}

/** What only the evaluator may see: its data, and held-out data in any form. Absolute paths. */
export function hiddenPaths(config: HiddenConfig, projectDir: string): string[] {
  const { workspace, trainer } = config;
  const { data = [], holdout = {} } = trainer.evaluate ?? {};
  const sealed = sealedData(config).map(({ path }) => path);
  return [...workspace.holdout, ...data, ...Object.values(holdout), ...sealed].map((path) => join(projectDir, bare(path)));
}

/** All files of the person that a stage may read and none may change. Absolute. */
export function dataPaths(config: HiddenConfig, projectDir: string): string[] {
  const seen = [...config.workspace.link, ...(config.trainer.evaluate?.inputs ?? [])];
  return [...seen.map((path) => join(projectDir, bare(path))), ...hiddenPaths(config, projectDir)];
}

function linksOf(paths: readonly string[], { config, projectDir, files }: LinksInput): StageLinks {
  const holdout = Object.entries(config.trainer.evaluate?.holdout ?? {}).map(([from, to]) => [bare(from), bare(to)] as const);
  const links: Link[] = [];
  const auditLinks: Link[] = [];
  for (const path of paths.map(bare)) {
    const isCommitted = files.some((file) => file === path || file.startsWith(`${path}/`));
    const own: Link = { path, source: join(projectDir, path), ...(isCommitted && { isCommitted }) };
    const source = heldOutOf(path, holdout);
    if (!isCommitted) links.push(own);
    if (source !== null) auditLinks.push({ ...own, source: join(projectDir, source) });
    else if (!isCommitted) auditLinks.push(own);
  }
  return { links, auditLinks };
}

/** The innermost folder of the map that holds the path says where it is instead; null where none does. */
export function heldOutOf(path: string, holdout: readonly (readonly [string, string])[]): string | null {
  const found = holdout
    .filter(([from]) => path === from || path.startsWith(`${from}/`))
    .toSorted(([a], [b]) => b.length - a.length)
    .at(0);
  return found === undefined ? null : found[1] + path.slice(found[0].length);
}

// With a slash at its end, a link would be taken for the folder it leads to.
function bare(path: string): string {
  return posix.normalize(path).replace(/\/+$/, '');
}
