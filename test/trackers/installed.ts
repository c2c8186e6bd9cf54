import { join } from 'node:path';

/** The real services that reporters are tested against, with their versions. */
export const PACKAGES = ['mlflow==3.17.2', 'tensorboard==2.21.0', 'wandb==0.31.0'];

export const CACHE = join(import.meta.dirname, '../../.cache/trackers');
export const VENV = join(CACHE, 'venv');
/** There once everything is installed. */
export const READY = join(VENV, `ready-${PACKAGES.join('-').replaceAll('==', '-')}`);

export const PYTHON = join(VENV, 'bin/python');
/** An OpenTelemetry collector, built from its modules; Go has to be there. */
export const COLLECTOR = join(CACHE, 'otelcol');
export const COLLECTOR_SOURCE = join(import.meta.dirname, 'otelcol');
