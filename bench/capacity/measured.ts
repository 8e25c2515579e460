import measuredFile from '../measured.json' with { type: 'json' };
import type { Measured } from './inputs.ts';

export const measured: Measured = measuredFile;
