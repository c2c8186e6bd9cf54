/** Builds the page of `ui` and `report` into a folder: one script, one style sheet, and a module that writes markup without a browser. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build, type InlineConfig } from 'vite';

const root = join(import.meta.dirname, '..');
export const PAGE = join(root, 'dist/page');

export async function buildPage(outDir = PAGE): Promise<void> {
  mkdirSync(outDir, { recursive: true });
  const shared: InlineConfig = { root: join(root, 'page'), configFile: false, publicDir: false, logLevel: 'warn' };
  await build({
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
  await build({
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
}

/** Is there a build that no source is newer than? */
export function isPageBuilt(outDir = PAGE): boolean {
  const built = ['page.js', 'page.css', 'render.js', 'index.html'].map((file) => join(outDir, file));
  if (!built.every((file) => existsSync(file))) return false;
  const oldest = Math.min(...built.map((file) => statSync(file).mtimeMs));
  const sources = ['page', 'src/page', 'src/views'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(root, folder, path)),
  );
  return sources.every((file) => statSync(file).mtimeMs <= oldest);
}

if (import.meta.main) await buildPage();
