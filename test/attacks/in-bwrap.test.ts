import { it } from 'vitest';
import { probe } from '../../src/sandbox/probe.ts';
import { playAll } from './play-all.ts';

const { layer } = await probe('auto');
if (layer === 'bwrap') playAll('bwrap');
else it.skip('the attacks in bwrap, which does not work here', () => {});
