"""What moto's CloudFormation leaves out, besides resource types."""

import ipaddress
import itertools
import json
import re

from moto.cloudformation import models, parsing, responses
from moto.ec2.models.vpcs import VPC
from moto.elbv2.models import FakeLoadBalancer, FakeTargetGroup
from moto.route53.models import HostedZoneIdentifier
from moto.sqs.models import Queue
from moto.utilities.id_generator import moto_id_manager

from resource_models import client

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
SECRET = re.compile(r"\{\{resolve:secretsmanager:([^:}]+):SecretString:([^:}]*):([^:}]*):([^:}]*)\}\}")


def resolve_more():
    """moto leaves `{{resolve:secretsmanager:…}}` as it stands, and has no `Fn::Cidr`. AWS puts the values there."""
    plain = parsing.clean_json

    def clean_json(resource_json, resources_map):
        if isinstance(resource_json, dict) and "Fn::Cidr" in resource_json:
            return subnets(*[clean_json(part, resources_map) for part in resource_json["Fn::Cidr"]])
        cleaned = plain(resource_json, resources_map)
        if not isinstance(cleaned, str) or "{{resolve:secretsmanager:" not in cleaned:
            return cleaned
        region = resources_map["AWS::Region"]
        return SECRET.sub(lambda found: secret_value(region, found[1], found[2]), cleaned)

    parsing.clean_json = clean_json


def secret_value(region, secret_id, key):
    text = client("secretsmanager", region).get_secret_value(SecretId=secret_id)["SecretString"]
    return json.loads(text)[key] if key else text


def name_zones(zone_id):
    """moto's zone ids do not begin with Z, as those of Route 53 do."""
    moto_id_manager.add_id_source(
        lambda asked: zone_id if isinstance(asked.get("resource_identifier"), HostedZoneIdentifier) else None
    )


def subnets(block, count, host_bits):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-cidr.html"""
    network = ipaddress.ip_network(block)
    found = network.subnets(new_prefix=network.max_prefixlen - int(host_bits))
    return [str(subnet) for subnet in itertools.islice(found, int(count))]


# Attributes that moto's own models do not tell CloudFormation, by class and name.
ATTRIBUTES = {
    (VPC, "Ipv6CidrBlocks"): lambda vpc: [one["cidr_block"] for one in vpc.get_cidr_block_association_set(ipv6=True)],
    (FakeLoadBalancer, "LoadBalancerFullName"): lambda balancer: balancer.arn.split(":loadbalancer/")[1],
    (FakeTargetGroup, "TargetGroupFullName"): lambda group: group.arn.split(":")[-1],
    (FakeLoadBalancer, "CanonicalHostedZoneID"): lambda balancer: balancer.canonical_hosted_zone_id,
}


def tell_more_attributes():
    for model in {model for model, _ in ATTRIBUTES}:
        more = {name: value for (owner, name), value in ATTRIBUTES.items() if owner is model}
        model.get_cfn_attribute = attribute_reader(getattr(model, "get_cfn_attribute", None), more)


def attribute_reader(plain, more):
    return lambda resource, name: more[name](resource) if name in more else plain(resource, name)


def read_templates_from_this_server():
    """moto takes the bucket from the host's name, unless the host is `localhost`. The CDK names the host by its address."""
    for module in (models, responses):
        plain = module.get_stack_from_s3_url
        module.get_stack_from_s3_url = lambda template_url, plain=plain, **rest: plain(
            template_url.replace("//127.0.0.1:", "//localhost:"), **rest
        )


def follow_dependencies():
    """moto follows DependsOn for what it makes in turn, but not for what another resource refers to."""
    plain = parsing.ResourceMap.__getitem__

    def getitem(resources, logical_id):
        waiting = logical_id not in resources._parsed_resources
        named = resources._resource_json_map.get(logical_id, {}).get("DependsOn", []) if waiting else []
        for other in [named] if isinstance(named, str) else named:
            resources[other]
        return plain(resources, logical_id)

    parsing.ResourceMap.__getitem__ = getitem


def run_no_functions():
    """moto would run the function of an event source mapping in Docker. The drive hands out the batches itself."""
    Queue.lambda_event_source_mappings = property(lambda queue: {}, lambda queue, mappings: None)
