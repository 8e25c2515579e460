import { z } from 'zod';
import { resourceType } from './resource-type.ts';

/** The resources that let Athena read the event log. In the local cloud only `keeptrack query` reads it. */

const noAthena = 'the local cloud has no Athena';

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
