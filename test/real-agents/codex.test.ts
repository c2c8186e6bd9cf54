import { testNights } from './nights.ts';

testNights('codex');
