import type { FunctionTemplate } from '../template/region-template.ts';

/**
 * The variables of a function: those of its template and those that Lambda sets. The machine's own variables are left out,
 * so that a variable forgotten in the template is missing here too.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function environmentVariables(
  template: FunctionTemplate,
  region: string,
  environmentNumber: number,
  endpointUrl: string,
): Record<string, string> {
  return {
    ...template.environment,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: template.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(template.memoryMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${template.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `local/[$LATEST]${environmentNumber}`,
    AWS_ACCESS_KEY_ID: accessKey(region, template.name, environmentNumber),
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL: endpointUrl,
    LAMBDA_TASK_ROOT: template.codeDirectory,
    _HANDLER: template.handler,
    TZ: ':UTC',
    // Lambda's own Node is newer than the one that may run here; the SDK would warn about it in every environment.
    NODE_NO_WARNINGS: '1',
  };
}

/** The AWS endpoint reads the calling function and its environment from this key. */
function accessKey(region: string, functionName: string, environmentNumber: number): string {
  return `LOCAL.${region}.${functionName}.${environmentNumber}`;
}
