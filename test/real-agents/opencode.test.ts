import { testNights } from './nights.ts';

testNights('opencode');
