import { Refusal } from './refusal.ts';

/**
 * The values of `Ref` and `Fn::GetAtt` for a resource, by its type. They come from the section "Return values" of each
 * type's page in https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/. A template may contain a type
 * without an entry here, but may not refer to it.
 */

export interface ResourceIdentity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
}

export interface NamedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly region: string;
  readonly account: string;
  readonly stackName: string;
  /** The text of a property that holds a physical name. Undefined when the template lets AWS choose the name. */
  property(name: string): string | undefined;
  /** The name of the function that a property refers to. */
  functionName(property: string): string;
}

/** Throws a Refusal when no entry exists for the type, or when AWS would choose the name. */
export function identityOf(named: NamedResource): ResourceIdentity {
  const make = identities[named.type];
  if (make === undefined) throw new Refusal(`the local cloud does not know the value of a reference to ${named.type}`);
  return make(named);
}

const identities: Readonly<Record<string, (named: NamedResource) => ResourceIdentity>> = {
  'AWS::SQS::Queue': (named) => {
    const name = physicalName(named, 'QueueName');
    const url = `https://sqs.${named.region}.amazonaws.com/${named.account}/${name}`;
    return { ref: url, attributes: { Arn: arnOf(named, 'sqs', name), QueueName: name, QueueUrl: url } };
  },
  'AWS::S3::Bucket': (named) => {
    const name = physicalName(named, 'BucketName');
    return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
  },
  'AWS::DynamoDB::Table': (named) => {
    const name = physicalName(named, 'TableName');
    return { ref: name, attributes: { Arn: arnOf(named, 'dynamodb', `table/${name}`) } };
  },
  'AWS::Lambda::Function': (named) => {
    const name = physicalName(named, 'FunctionName');
    return { ref: name, attributes: { Arn: arnOf(named, 'lambda', `function:${name}`) } };
  },
  // The first published version. The local cloud has no other one.
  'AWS::Lambda::Version': (named) => {
    const arn = arnOf(named, 'lambda', `function:${named.functionName('FunctionName')}:1`);
    return { ref: arn, attributes: { FunctionArn: arn, Version: '1' } };
  },
  'AWS::Lambda::Alias': (named) => {
    const name = `${named.functionName('FunctionName')}:${physicalName(named, 'Name')}`;
    const arn = arnOf(named, 'lambda', `function:${name}`);
    return { ref: arn, attributes: { AliasArn: arn } };
  },
  'AWS::CodeDeploy::Application': (named) => ({ ref: physicalName(named, 'ApplicationName'), attributes: {} }),
  'AWS::CodeDeploy::DeploymentConfig': (named) => ({ ref: generatedName(named), attributes: {} }),
  'AWS::Logs::LogGroup': (named) => {
    const name = physicalName(named, 'LogGroupName');
    return { ref: name, attributes: { Arn: arnOf(named, 'logs', `log-group:${name}:*`) } };
  },
  'AWS::IAM::Role': (named) => {
    const name = named.property('RoleName') ?? generatedName(named);
    return { ref: name, attributes: { Arn: `arn:aws:iam::${named.account}:role/${name}` } };
  },
  'AWS::Events::Rule': (named) => {
    const name = named.property('Name') ?? generatedName(named);
    return { ref: name, attributes: { Arn: arnOf(named, 'events', `rule/${name}`) } };
  },
  'AWS::SNS::Topic': (named) => {
    const name = physicalName(named, 'TopicName');
    const arn = arnOf(named, 'sns', name);
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
  },
  'AWS::CloudWatch::Alarm': (named) => {
    const name = physicalName(named, 'AlarmName');
    return { ref: name, attributes: { Arn: arnOf(named, 'cloudwatch', `alarm:${name}`) } };
  },
  'AWS::ApiGatewayV2::Api': (named) => {
    const id = named.logicalId.toLowerCase();
    const endpoint = `https://${id}.execute-api.${named.region}.amazonaws.com`;
    return { ref: id, attributes: { ApiId: id, ApiEndpoint: endpoint } };
  },
  'AWS::CertificateManager::Certificate': (named) => ({
    ref: arnOf(named, 'acm', `certificate/${named.logicalId.toLowerCase()}`),
    attributes: {},
  }),
  'AWS::ApiGatewayV2::DomainName': (named) => {
    const target = `d-${named.logicalId.toLowerCase()}.execute-api.${named.region}.amazonaws.com`;
    // Any id will do, as long as the records name the same zone.
    const attributes = { RegionalDomainName: target, RegionalHostedZoneId: `Z-${named.region}` };
    return { ref: physicalName(named, 'DomainName'), attributes };
  },
  'AWS::Route53::HealthCheck': (named) => {
    const id = generatedName(named);
    return { ref: id, attributes: { HealthCheckId: id } };
  },
  'AWS::ApiGatewayV2::Stage': (named) => ({ ref: physicalName(named, 'StageName'), attributes: {} }),
  'AWS::ApiGatewayV2::Integration': ({ logicalId }) => ({ ref: logicalId.toLowerCase(), attributes: {} }),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': (named) => {
    const name = named.property('Name') ?? named.logicalId;
    const fullName = `app/${name}/${balancerId}`;
    const dnsName = `${name.toLowerCase()}-1.${named.region}.elb.amazonaws.com`;
    return {
      ref: arnOf(named, 'elasticloadbalancing', `loadbalancer/${fullName}`),
      // Any zone id will do, as for API Gateway.
      attributes: { DNSName: dnsName, CanonicalHostedZoneID: `ZELB-${named.region}`, LoadBalancerFullName: fullName },
    };
  },
  'AWS::ElasticLoadBalancingV2::Listener': (named) => ({
    ref: arnOf(named, 'elasticloadbalancing', `listener/app/${named.logicalId}/${balancerId}`),
    attributes: {},
  }),
  'AWS::ElasticLoadBalancingV2::TargetGroup': (named) => {
    const fullName = `targetgroup/${physicalName(named, 'Name')}/${balancerId}`;
    return { ref: arnOf(named, 'elasticloadbalancing', fullName), attributes: { TargetGroupFullName: fullName } };
  },
  'AWS::EC2::VPC': (named) => ({
    ref: generatedName(named),
    attributes: { Ipv6CidrBlocks: ['2001:db8:0:ff00::/56'] },
  }),
  'AWS::EC2::Subnet': (named) => ({ ref: generatedName(named), attributes: {} }),
  'AWS::EC2::InternetGateway': (named) => ({ ref: generatedName(named), attributes: {} }),
  'AWS::EC2::RouteTable': (named) => ({ ref: generatedName(named), attributes: {} }),
  'AWS::EC2::SecurityGroup': (named) => ({ ref: generatedName(named), attributes: { GroupId: generatedName(named) } }),
  'AWS::WAFv2::WebACL': (named) => ({
    ref: generatedName(named),
    attributes: { Arn: arnOf(named, 'wafv2', `regional/webacl/${physicalName(named, 'Name')}/1`) },
  }),
};

/** AWS's own ids are random. */
const balancerId = '0123456789abcdef';

/** The template must choose these names, because the other region or the operator uses them too. */
function physicalName(named: NamedResource, property: string): string {
  const name = named.property(property);
  if (name === undefined) throw new Refusal(`${property} is missing, and ${named.type} must have a physical name here`);
  return name;
}

function generatedName({ stackName, logicalId }: NamedResource): string {
  return `${stackName}-${logicalId}`;
}

function arnOf({ region, account }: NamedResource, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}
