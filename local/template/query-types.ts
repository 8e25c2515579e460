import { z } from 'zod';
import { resourceType } from './resource-type.ts';

/** What Athena needs to read the event log. Here `keeptrack query` reads it, and nothing else does. */

const noAthena = 'there is no Athena here';

const databaseType = resourceType('AWS::Glue::Database', { CatalogId: z.string() }, { DatabaseInput: noAthena });

const catalogTableType = resourceType(
  'AWS::Glue::Table',
  { CatalogId: z.string(), DatabaseName: z.string() },
  { TableInput: noAthena },
);

const workGroupType = resourceType(
  'AWS::Athena::WorkGroup',
  { Name: z.string() },
  { Description: 'for people', WorkGroupConfiguration: noAthena, RecursiveDeleteOption: noAthena },
);

export const queryTypes = [databaseType, catalogTableType, workGroupType] as const;
