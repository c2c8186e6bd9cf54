/** Builds the page of `ui` and `report` into a folder: one script, one style sheet, and a module that writes markup without a browser. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { build, type InlineConfig, type Plugin } from 'vite';

const root = join(import.meta.dirname, '..');
export const PAGE = join(root, 'dist/page');
/** Every file that the build was made of, with its digest: the page takes modules from many folders. */
const INPUTS = 'inputs.json';

export async function buildPage(outDir = PAGE): Promise<void> {
  mkdirSync(outDir, { recursive: true });
  rmSync(join(outDir, INPUTS), { force: true });
  const inputs = new Set([import.meta.filename, join(root, 'page/index.html')]);
  const plugins = [collectInto(inputs)];
  const shared: InlineConfig = { root: join(root, 'page'), configFile: false, publicDir: false, logLevel: 'warn', plugins };
  await buildForUse({
    ...shared,
    build: {
      outDir,
      emptyOutDir: false,
      cssCodeSplit: false,
      modulePreload: false,
      rolldownOptions: {
        input: join(root, 'page/main.tsx'),
        output: { entryFileNames: 'page.js', assetFileNames: 'page[extname]', codeSplitting: false },
      },
    },
  });
  await buildForUse({
    ...shared,
    ssr: { noExternal: true },
    build: {
      outDir,
      emptyOutDir: false,
      ssr: join(root, 'page/render.tsx'),
      rolldownOptions: { output: { entryFileNames: 'render.js' } },
    },
  });
  copyFileSync(join(root, 'page/index.html'), join(outDir, 'index.html'));
  const digests = Object.fromEntries([...inputs].toSorted().map((file) => [relative(root, file), digestOf(file)]));
  writeFileSync(join(outDir, INPUTS), `${JSON.stringify(digests, null, 1)}\n`);
}

/** With a NODE_ENV of a test runner, Vite would make another page than those who install the package get. */
async function buildForUse(config: InlineConfig): Promise<void> {
  const { NODE_ENV } = process.env;
  process.env['NODE_ENV'] = 'production';
  try {
    await build(config);
  } finally {
    if (NODE_ENV === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = NODE_ENV;
  }
}

/** Modules that are no files, such as those of the bundler itself, have ids that are no paths. */
function collectInto(inputs: Set<string>): Plugin {
  return {
    name: 'collect-inputs',
    buildEnd() {
      for (const id of this.getModuleIds()) {
        const file = id.replace(/\?.*/, '');
        if (isAbsolute(file) && existsSync(file)) inputs.add(file);
      }
    },
  };
}

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** Is there a build of exactly the sources that are here? */
export function isPageBuilt(outDir = PAGE): boolean {
  if (!['page.js', 'page.css', 'render.js', 'index.html', INPUTS].every((file) => existsSync(join(outDir, file)))) return false;
  const digests = JSON.parse(readFileSync(join(outDir, INPUTS), 'utf8')) as Readonly<Record<string, string>>;
  return Object.entries(digests).every(([path, digest]) => existsSync(join(root, path)) && digestOf(join(root, path)) === digest);
}

if (import.meta.main) await buildPage();
