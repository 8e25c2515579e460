import { z } from 'zod';
import { resourceType } from './resource-type.ts';

/** The resources that bring traffic to a region: certificates, domain names, and Route 53's health checks and records. */

const forPeople = 'for people';

export const certificateType = resourceType(
  'AWS::CertificateManager::Certificate',
  {
    DomainName: z.string(),
    ValidationMethod: z.literal('DNS'),
    DomainValidationOptions: z
      .array(z.strictObject({ DomainName: z.string(), HostedZoneId: z.string() }))
      .min(1, 'without a hosted zone a person must confirm the certificate'),
  },
  { Tags: forPeople },
);

export const domainNameType = resourceType(
  'AWS::ApiGatewayV2::DomainName',
  {
    DomainName: z.string(),
    DomainNameConfigurations: z.tuple([
      z.strictObject({
        CertificateArn: z.string(),
        EndpointType: z.literal('REGIONAL'),
        SecurityPolicy: z.literal('TLS_1_2'),
        IpAddressType: z.enum(['ipv4', 'dualstack']).default('ipv4'),
      }),
    ]),
  },
  { Tags: forPeople },
);

/** Only the whole domain: a mapping key would be a prefix of the path. */
export const apiMappingType = resourceType('AWS::ApiGatewayV2::ApiMapping', {
  ApiId: z.string(),
  DomainName: z.string(),
  Stage: z.literal('$default'),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-route53-healthcheck-healthcheckconfig.html */
const endpointCheck = z.strictObject({
  Type: z.literal('HTTPS_STR_MATCH'),
  FullyQualifiedDomainName: z.string(),
  Port: z.literal(443).optional(),
  ResourcePath: z.string().startsWith('/'),
  SearchString: z.string().min(1).max(255),
  RequestInterval: z.union([z.literal(10), z.literal(30)]).default(30),
  FailureThreshold: z.int().min(1).max(10).default(3),
  // API Gateway chooses the certificate by the name that SNI sends. For HTTPS, SNI is on unless the template says no.
  EnableSNI: z.literal(true).optional(),
  // Only makes graphs, for an extra price.
  MeasureLatency: z.boolean().optional(),
  Inverted: z.boolean().default(false),
});

const calculatedCheck = z.strictObject({
  Type: z.literal('CALCULATED'),
  ChildHealthChecks: z.array(z.string()).min(1).max(256),
  HealthThreshold: z.int().min(0).max(256),
  Inverted: z.boolean().default(false),
});

export const healthCheckType = resourceType(
  'AWS::Route53::HealthCheck',
  { HealthCheckConfig: z.discriminatedUnion('Type', [endpointCheck, calculatedCheck]) },
  { HealthCheckTags: forPeople },
);

/** Only alias records, because their targets have their own addresses. */
export const recordType = resourceType(
  'AWS::Route53::RecordSet',
  {
    Name: z.string(),
    Type: z.enum(['A', 'AAAA']),
    HostedZoneId: z.string(),
    AliasTarget: z.strictObject({
      DNSName: z.string(),
      HostedZoneId: z.string(),
      EvaluateTargetHealth: z.boolean().default(false),
    }),
    SetIdentifier: z.string().min(1).max(128).optional(),
    Failover: z.enum(['PRIMARY', 'SECONDARY']).optional(),
    Weight: z.int().min(0).max(255).optional(),
    HealthCheckId: z.string().optional(),
  },
  { Comment: forPeople },
);

export const trafficTypes = [certificateType, domainNameType, apiMappingType, healthCheckType, recordType] as const;
