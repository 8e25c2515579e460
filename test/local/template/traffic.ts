import { changed, type MinimalTemplate } from './minimal.ts';

export const zone = 'Z0123456789ABC';
const getAtt = (logicalId: string, name: string) => ({ 'Fn::GetAtt': [logicalId, name] });

/** The small template with a domain of its own: a name for the region, and its part in the name that both share. */
export function templateWithDomain(change: (resources: MinimalTemplate['Resources']) => void = () => {}) {
  return changed((resources) => {
    addDomain(resources, 'Own', 'us-east-1.go.example.com');
    addDomain(resources, 'Shared', 'go.example.com');
    resources['Health'] = endpointCheck('us-east-1.go.example.com', '/health', 'ok');
    resources['Drained'] = endpointCheck('us-west-2.go.example.com', '/drained/us-east-1', 'drained', true);
    resources['Both'] = {
      Type: 'AWS::Route53::HealthCheck',
      Properties: {
        HealthCheckConfig: {
          Type: 'CALCULATED',
          ChildHealthChecks: [{ Ref: 'Health' }, getAtt('Drained', 'HealthCheckId')],
          HealthThreshold: 2,
        },
      },
    };
    resources['OwnRecord'] = record('us-east-1.go.example.com.', aliasOf('OwnDomain'));
    resources['SharedRecord'] = record('go.example.com.', aliasOf('SharedDomain'), {
      SetIdentifier: 'us-east-1',
      Failover: 'PRIMARY',
      HealthCheckId: { Ref: 'Both' },
    });
    change(resources);
  });
}

function addDomain(resources: MinimalTemplate['Resources'], prefix: string, name: string): void {
  resources[`${prefix}Certificate`] = certificate(name);
  resources[`${prefix}Domain`] = {
    Type: 'AWS::ApiGatewayV2::DomainName',
    Properties: {
      DomainName: name,
      DomainNameConfigurations: [
        {
          CertificateArn: { Ref: `${prefix}Certificate` },
          EndpointType: 'REGIONAL',
          SecurityPolicy: 'TLS_1_2',
          IpAddressType: 'dualstack',
        },
      ],
    },
  };
  resources[`${prefix}Mapping`] = {
    Type: 'AWS::ApiGatewayV2::ApiMapping',
    Properties: { ApiId: { Ref: 'Api' }, DomainName: { Ref: `${prefix}Domain` }, Stage: '$default' },
  };
}

export function certificate(name: string) {
  return {
    Type: 'AWS::CertificateManager::Certificate',
    Properties: {
      DomainName: name,
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: name, HostedZoneId: zone }],
    },
  };
}

function endpointCheck(domainName: string, path: string, searchString: string, inverted = false) {
  return {
    Type: 'AWS::Route53::HealthCheck',
    Properties: {
      HealthCheckConfig: {
        Type: 'HTTPS_STR_MATCH',
        FullyQualifiedDomainName: domainName,
        ResourcePath: path,
        SearchString: searchString,
        RequestInterval: 10,
        FailureThreshold: 3,
        EnableSNI: true,
        ...(inverted && { Inverted: true }),
      },
    },
  };
}

function aliasOf(domain: string) {
  return {
    DNSName: getAtt(domain, 'RegionalDomainName'),
    HostedZoneId: getAtt(domain, 'RegionalHostedZoneId'),
    EvaluateTargetHealth: true,
  };
}

export function record(name: string, AliasTarget: object, policy: Readonly<Record<string, unknown>> = {}) {
  return {
    Type: 'AWS::Route53::RecordSet',
    Properties: { Name: name, Type: 'A', HostedZoneId: zone, AliasTarget, ...policy },
  };
}
