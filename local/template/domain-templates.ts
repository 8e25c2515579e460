import { certificateName } from './certificates.ts';
import type { ApiTemplate, DomainTemplate } from './region-template.ts';
import type { Stack } from './stack.ts';
import { apiMappingType, domainNameType } from './traffic-types.ts';

/**
 * Reads API Gateway's domain names, each with its HTTP API.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names.html
 */
export function readDomains(stack: Stack, apis: readonly ApiTemplate[]): DomainTemplate[] {
  return stack.all(domainNameType).flatMap(({ logicalId, properties }) => {
    const [{ CertificateArn, IpAddressType }] = properties.DomainNameConfigurations;
    const certified = certificateName(stack, logicalId, CertificateArn);
    if (certified !== undefined && certified !== properties.DomainName) {
      stack.refuse(logicalId, `CertificateArn: the certificate is for ${certified}, not for ${properties.DomainName}`);
    }
    const api = mappedApi(stack, logicalId, stack.ref(logicalId), apis);
    if (api === undefined) return [];
    return {
      logicalId,
      name: properties.DomainName.toLowerCase(),
      target: stack.attribute(logicalId, 'RegionalDomainName'),
      targetZoneId: stack.attribute(logicalId, 'RegionalHostedZoneId'),
      hasIpv6: IpAddressType === 'dualstack',
      apiLogicalId: api.logicalId,
    };
  });
}

/** A domain without a mapping answers 403 to every request. */
function mappedApi(
  stack: Stack,
  logicalId: string,
  domainRef: string,
  apis: readonly ApiTemplate[],
): ApiTemplate | undefined {
  const mappings = stack.all(apiMappingType).filter(({ properties }) => properties.DomainName === domainRef);
  const [mapping] = mappings;
  if (mapping === undefined || mappings.length > 1) {
    stack.refuse(logicalId, `must have one AWS::ApiGatewayV2::ApiMapping, not ${mappings.length}`);
    return undefined;
  }
  const api = apis.find((one) => stack.ref(one.logicalId) === mapping.properties.ApiId);
  if (api === undefined) stack.refuse(mapping.logicalId, `ApiId: there is no API ${mapping.properties.ApiId}`);
  return api;
}
