import { Logger } from '@aws-lambda-powertools/logger';
import { limits } from '../../core/limits/limits.ts';
import type { Log } from '../../core/ports.ts';
import { withoutTokens } from '../../core/tracking/input/secrets.ts';

type Fields = Readonly<Record<string, unknown>>;

/** JSON lines on stdout, warnings and errors on stderr: `level`, `message`, `service`, `timestamp`, and the fields beside them. */
export function powertoolsLog(serviceName: string): Log {
  const logger = new Logger({ serviceName });
  return {
    info: (message, fields = {}) => logger.info(message, bounded(fields)),
    warn: (message, fields = {}) => logger.warn(message, bounded(fields)),
    error: (message, fields = {}) => logger.error(message, bounded(fields)),
  };
}

/**
 * Texts may hold what a stranger sent, for example an advertiser's token. Events are printed whole: they may stand
 * nowhere else.
 */
function bounded(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, boundedValue(value)]));
}

/**
 * Prints only these parts of an error. Libraries attach requests, headers and causes to theirs, which must not be
 * printed.
 */
function boundedValue(value: unknown): unknown {
  if (value instanceof Error) {
    const { name, message, stack = '' } = value;
    return { name, message: said(message), stack: said(stack) };
  }
  return typeof value === 'string' ? said(value) : value;
}

function said(whole: string): string {
  const { textCharactersMax } = limits.logs;
  const text = withoutTokens(whole);
  return text.length > textCharactersMax ? `${text.slice(0, textCharactersMax)}…` : text;
}
