"""Thin models of the resource types that moto's CloudFormation lacks.

CloudFormation in moto skips a type that it does not know, and says nothing. Each model here hands the properties of the
template to moto's own API, through boto3. So botocore checks the properties against AWS's own model of the service, and
the resource is then in moto as if anybody had made it there. What moto cannot take is said on stdout.
"""

import json
import sys

import boto3
from moto.core.common_models import CloudFormationModel

_endpoint = None


def use_endpoint(url):
    """The address of the server that these models run in."""
    global _endpoint
    _endpoint = url


def client(service, region):
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=_endpoint,
        aws_access_key_id="cloudformation",
        aws_secret_access_key="cloudformation",
    )


def leave_out(what):
    """Tells the command, which compares it with the differences that it knows."""
    sys.stdout.write(f"left out: {what}\n")
    sys.stdout.flush()


def lower_keys(value):
    """The same with keys that begin with a small letter, as CodeDeploy's API has them."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: lower_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [lower_keys(item) for item in value]
    return value


def tags_of(properties):
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}


# Each function takes (region, properties, name) and returns (physical id, attributes for Fn::GetAtt).


def api(region, properties, name):
    made = client("apigatewayv2", region).create_api(**properties)
    return made["ApiId"], {"ApiId": made["ApiId"], "ApiEndpoint": made["ApiEndpoint"]}


def integration(region, properties, name):
    return client("apigatewayv2", region).create_integration(**properties)["IntegrationId"], {}


def route(region, properties, name):
    return client("apigatewayv2", region).create_route(**properties)["RouteId"], {}


def stage(region, properties, name):
    return client("apigatewayv2", region).create_stage(**properties)["StageName"], {}


def domain_name(region, properties, name):
    made = client("apigatewayv2", region).create_domain_name(**properties)
    first = made["DomainNameConfigurations"][0]
    # moto makes no name of its own for a domain. Records need one.
    target = first.get("ApiGatewayDomainName") or f"d-{name[-10:].lower()}.execute-api.{region}.amazonaws.com"
    zone = first.get("HostedZoneId") or "Z1UJRXOUMOOFQ8"
    return made["DomainName"], {"RegionalDomainName": target, "RegionalHostedZoneId": zone}


def api_mapping(region, properties, name):
    return client("apigatewayv2", region).create_api_mapping(**properties)["ApiMappingId"], {}


def certificate(region, properties, name):
    wanted = {key: properties[key] for key in ("DomainName", "SubjectAlternativeNames", "ValidationMethod") if key in properties}
    return client("acm", region).request_certificate(**wanted)["CertificateArn"], {}


def alarm(region, properties, name):
    wanted = {"AlarmName": name, **properties}
    cloudwatch = client("cloudwatch", region)
    cloudwatch.put_metric_alarm(**wanted)
    found = cloudwatch.describe_alarms(AlarmNames=[wanted["AlarmName"]])["MetricAlarms"]
    return wanted["AlarmName"], {"Arn": found[0]["AlarmArn"]}


def work_group(region, properties, name):
    wanted = {key: properties[key] for key in ("Name", "Description", "Tags") if key in properties}
    client("athena", region).create_work_group(Configuration=properties["WorkGroupConfiguration"], **wanted)
    return properties["Name"], {}


def deploy_application(region, properties, name):
    client("codedeploy", region).create_application(**lower_keys(properties))
    return properties["ApplicationName"], {}


def deploy_group(region, properties, name):
    client("codedeploy", region).create_deployment_group(**lower_keys(properties))
    return properties["DeploymentGroupName"], {}


def glue_database(region, properties, name):
    client("glue", region).create_database(**properties)
    return properties["DatabaseInput"]["Name"], {}


def glue_table(region, properties, name):
    client("glue", region).create_table(**properties)
    return properties["TableInput"]["Name"], {}


def function_alias(region, properties, name):
    made = client("lambda", region).create_alias(**properties)
    return made["AliasArn"], {"AliasArn": made["AliasArn"]}


def function_version(region, properties, name):
    """moto has this type, but without its attribute Version, which an alias asks for."""
    made = client("lambda", region).publish_version(**properties)
    return made["FunctionArn"], {"Version": made["Version"]}


def event_invoke_config(region, properties, name):
    client("lambda", region).put_function_event_invoke_config(**properties)
    return name, {}


def vpc_cidr_block(region, properties, name):
    made = client("ec2", region).associate_vpc_cidr_block(**properties)
    return made.get("Ipv6CidrBlockAssociation", made.get("CidrBlockAssociation"))["AssociationId"], {}


def listener_certificate(region, properties, name):
    client("elbv2", region).add_listener_certificates(**properties)
    return name, {}


def bucket_policy(region, properties, name):
    document = properties["PolicyDocument"]
    # moto ignores conditions. It would take "deny what comes without TLS" for "deny everything".
    statements = [statement for statement in document["Statement"] if "Condition" not in statement]
    if len(statements) < len(document["Statement"]):
        leave_out("AWS::S3::BucketPolicy: statements with a condition")
    if statements:
        client("s3", region).put_bucket_policy(
            Bucket=properties["Bucket"], Policy=json.dumps({**document, "Statement": statements})
        )
    return properties["Bucket"], {}


def topic_policy(region, properties, name):
    for topic in properties["Topics"]:
        client("sns", region).set_topic_attributes(
            TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(properties["PolicyDocument"])
        )
    return name, {}


def queue_policy(region, properties, name):
    for queue in properties["Queues"]:
        client("sqs", region).set_queue_attributes(
            QueueUrl=queue, Attributes={"Policy": json.dumps(properties["PolicyDocument"])}
        )
    return name, {}


def deployment_config(region, properties, name):
    leave_out("AWS::CodeDeploy::DeploymentConfig: moto has no API for it")
    return name, {}


MODELS = {
    "AWS::ApiGatewayV2::Api": api,
    "AWS::ApiGatewayV2::ApiMapping": api_mapping,
    "AWS::ApiGatewayV2::DomainName": domain_name,
    "AWS::ApiGatewayV2::Integration": integration,
    "AWS::ApiGatewayV2::Route": route,
    "AWS::ApiGatewayV2::Stage": stage,
    "AWS::Athena::WorkGroup": work_group,
    "AWS::CertificateManager::Certificate": certificate,
    "AWS::CloudWatch::Alarm": alarm,
    "AWS::CodeDeploy::Application": deploy_application,
    "AWS::CodeDeploy::DeploymentConfig": deployment_config,
    "AWS::CodeDeploy::DeploymentGroup": deploy_group,
    "AWS::EC2::VPCCidrBlock": vpc_cidr_block,
    "AWS::ElasticLoadBalancingV2::ListenerCertificate": listener_certificate,
    "AWS::Glue::Database": glue_database,
    "AWS::Glue::Table": glue_table,
    "AWS::Lambda::Alias": function_alias,
    "AWS::Lambda::EventInvokeConfig": event_invoke_config,
    "AWS::Lambda::Version": function_version,
    "AWS::S3::BucketPolicy": bucket_policy,
    "AWS::SNS::TopicPolicy": topic_policy,
    "AWS::SQS::QueuePolicy": queue_policy,
}


def register():
    """Makes the models known to moto: its CloudFormation looks for subclasses of CloudFormationModel."""
    return [model_class(kind, create) for kind, create in MODELS.items()]


def model_class(kind, create):
    class ThinModel(CloudFormationModel):
        # moto takes the service's name from the second word of the module.
        __module__ = f"moto.{kind.split('::')[1].lower()}.models"

        def __init__(self, physical_id, attributes):
            self.physical_resource_id = physical_id
            self.attributes = attributes

        @staticmethod
        def cloudformation_name_type():
            return "AlarmName" if kind == "AWS::CloudWatch::Alarm" else ""

        @staticmethod
        def cloudformation_type():
            return kind

        @classmethod
        def has_cfn_attr(cls, attr):
            return True

        def get_cfn_attribute(self, attribute_name):
            return self.attributes[attribute_name]

        @classmethod
        def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
            return cls(*create(region_name, cloudformation_json["Properties"], resource_name))

        def is_created(self):
            return True

    return ThinModel
