import { z } from 'zod';
import type { AttributeMap } from '../../model/table/attribute-value.ts';
import { readItem } from '../../model/table/read-value.ts';

/** Parameters that several actions share. A parameter that neither this file nor the action names is refused. */

/** The attributes of an item or of a key. */
export const attributes = z.unknown().transform((value): AttributeMap => readItem(value));

export const tableName = z.string().min(1);
