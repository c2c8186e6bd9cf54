import { join } from 'node:path';

/** Where the tests install Ray: in the checkout's cache, which git ignores. */
export const VENV = join(import.meta.dirname, '../../.cache/ray');
export const RAY = join(VENV, 'bin/ray');
export const READY = join(VENV, 'ready');
export const PACKAGE = 'ray[default]==2.60.0';
