import { z } from 'zod';
import { resourceType } from './resource-type.ts';

/** What brings traffic to a region: certificates, domain names, Route 53's health checks and records. */

const forPeople = 'for people';

export const certificateType = resourceType(
  'AWS::CertificateManager::Certificate',
  {
    DomainName: z.string(),
    ValidationMethod: z.literal('DNS'),
    DomainValidationOptions: z
      .array(z.strictObject({ DomainName: z.string(), HostedZoneId: z.string() }))
      .min(1, 'without a hosted zone somebody must confirm the certificate by hand'),
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

/** Only the whole domain: a mapping key would be a prefix in the path. */
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
  // Without it API Gateway would not know which certificate to show; for HTTPS it is on unless it is switched off.
  EnableSNI: z.literal(true).optional(),
  // Graphs for people, at a price of their own.
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

/** Alias records only: what they lead to has its own addresses. */
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
