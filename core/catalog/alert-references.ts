import { type CatalogItem, catalogItems } from './items.ts';
import { taken, unknownIds } from './references.ts';

/** Problems of `alerts` that concern two fields or two entries, in the raw value of the file. */
export function alertProblems(file: unknown): string[] {
  const alerts = catalogItems(file, '', 'alerts');
  return [
    ...taken(alerts, 'id'),
    ...unknownIds(alerts, 'offer_id', catalogItems(file, '', 'offers'), 'offer'),
    ...unknownIds(alerts, 'affiliate_id', catalogItems(file, '', 'affiliates'), 'affiliate'),
    ...alerts.flatMap((alert) => [...boundProblems(alert), ...idleProblems(alert)]),
  ];
}

const bounds = ['below', 'above', 'change_percent'] as const;

function boundProblems({ path, fields }: CatalogItem): string[] {
  const given = bounds.filter((bound) => fields[bound] !== undefined);
  if (given.length !== 1) return [`${path}: must have exactly one of ${bounds.join(', ')}`];
  return [...reachProblems(path, fields), ...clickProblems(path, fields)];
}

/** Bounds that no figure can pass. */
function reachProblems(path: string, { measure, below, above }: CatalogItem['fields']): string[] {
  const isShare = typeof measure === 'string' && measure.endsWith('_share');
  if (below !== undefined && Number(below) === 0) return [`${path}.below: must be above 0, or it never holds`];
  if (isShare && Number(below) > 100) return [`${path}.below: must be at most 100, as every share is`];
  if (isShare && Number(above) >= 100) return [`${path}.above: must be below 100, or it never holds`];
  return [];
}

function clickProblems(path: string, fields: CatalogItem['fields']): string[] {
  if (fields['measure'] !== 'clicks') return [];
  return (['below', 'above'] as const)
    .filter((bound) => fields[bound] !== undefined && !Number.isInteger(Number(fields[bound])))
    .map((bound) => `${path}.${bound}: must be a whole number of clicks`);
}

/** Fields that change nothing for the measure. The author of the file expects something else. */
function idleProblems({ path, fields }: CatalogItem): string[] {
  const { measure, reason, change_percent: change, min_clicks: clicks, min_conversions: conversions } = fields;
  const usesClicks = measure === 'conversion_rate' || (measure === 'clicks' && change !== undefined);
  return [
    ...(reason !== undefined && measure !== 'rejected_share' ? [`${path}.reason: is for rejected_share alone`] : []),
    ...(clicks !== undefined && !usesClicks
      ? [`${path}.min_clicks: is for conversion_rate, and for clicks with change_percent`]
      : []),
    ...(conversions !== undefined && measure === 'clicks' ? [`${path}.min_conversions: has no effect on clicks`] : []),
  ];
}
