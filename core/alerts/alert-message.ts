import { limits } from '../limits/limits.ts';
import { type Episode, isOpen } from './episodes.ts';

/** A message to the alarm address. */
export interface AlertMessage {
  readonly subject: string;
  readonly body: string;
}

/**
 * One message for all episodes that a run tells. `deployment` names it for the reader, for example `clicks`. SNS takes
 * subjects of less than 100 ASCII characters.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function alertMessage(deployment: string, region: string, episodes: readonly Episode[]): AlertMessage {
  const { toldInFullMax } = limits.alerts;
  const shown = episodes.slice(0, toldInFullMax);
  const left = episodes.length - shown.length;
  const count = episodes.length === 1 ? 'an alert' : `${episodes.length} alerts`;
  return {
    subject: `Keeptrack ${deployment} (${region}): ${count}`.slice(0, 99),
    body: [
      ...shown.map(paragraph),
      ...(left > 0 ? [`${left} more began at the same time.`] : []),
      'Each is told once, when it begins. `keeptrack alerts list` shows all rules with their present state.',
    ].join('\n\n'),
  };
}

function paragraph(episode: Episode): string {
  const ended = isOpen(episode) ? '' : ' It is over by now.';
  // Names of the catalog may contain line ends.
  return `${episode.says}${ended}`.replace(/\p{Cc}+/gu, ' ');
}
