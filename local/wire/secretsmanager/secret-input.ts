import { z } from 'zod';

/** Up to 64 KiB: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
export const secretText = z.string().min(1).max(65_536);

/** The token becomes the id of the version. SDKs always send one. */
export const versionToken = z.string().min(32).max(64);
