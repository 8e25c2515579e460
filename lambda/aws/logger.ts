import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../../core/ports.ts';

/** JSON lines on stdout, warnings and errors on stderr: `level`, `message`, `service`, `timestamp`, and the fields beside them. */
export function powertoolsLog(serviceName: string): Log {
  const logger = new Logger({ serviceName });
  return {
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, fields = {}) => logger.error(message, fields),
  };
}
