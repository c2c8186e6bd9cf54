import { testPlugin } from '../../../src/testing.ts';
import peakMemory from './index.ts';

testPlugin(peakMemory, {
  options: { valid: [{}], invalid: [{ unit: 'GB' }] },
  cases: {
    present: { trial: { peakMemoryMb: 512.5 }, value: 512.5 },
    missing: { trial: { peakMemoryMb: null } },
    nan: { trial: { peakMemoryMb: Number.NaN } },
  },
});
