import { join } from 'node:path';

/** Where setup.ts installs the Python packages; git ignores it. */
export const ENVIRONMENT = join(import.meta.dirname, '../../.cache/nanochat/env');
export const PYTHON = join(ENVIRONMENT, 'bin/python');
