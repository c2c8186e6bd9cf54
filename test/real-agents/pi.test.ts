import { testNights } from './nights.ts';

testNights('pi');
