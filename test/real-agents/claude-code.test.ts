import { testNights } from './nights.ts';

testNights('claude-code');
