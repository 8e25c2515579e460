/** Limits of the tracking names, and of what stands in front of `track`. */
export const frontDoorLimits = {
  domain: {
    /** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html, without the dot at the end. */
    nameCharactersMax: 253,
    /** The longest name for a certificate: https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html */
    certificateCharactersMax: 64,
    /**
     * Tracking names beside the main one. A load balancer takes 25 certificates beside its first one, and the region's own
     * name needs one: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html.
     * API Gateway would take 120 names, but a stack has at most 500 resources, and a name needs five of them:
     * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
     */
    trackingNamesMax: { 'http-api': 50, alb: 24 },
    /**
     * All names with a comma each. The variables of a function have 4 KB together:
     * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
     */
    trackingNamesCharactersMax: 1_500,
  },
  throttle: {
    /** A larger number is a mistake: this is ten times what AWS gives a new account. */
    requestsPerSecondMax: 100_000,
  },
  loadBalancer: {
    /** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/capacity-unit-reservation.html */
    reservedCapacityUnitsMin: 100,
    /** The quota of one load balancer: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
    reservedCapacityUnitsMax: 15_000,
    /**
     * How long a client may keep a connection, at least 60 s by AWS. As long as clients remember a name: a client with an
     * older connection would not follow when traffic shifts to the other region.
     */
    clientKeepAliveSeconds: 60,
  },
  /** https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html */
  waf: {
    windowSeconds: 300,
    /**
     * 33 requests a second for five minutes. Many visitors of a mobile network share an address, and an advertiser's
     * server sends all postbacks from one.
     */
    requestsPerAddressMax: 10_000,
  },
} as const;
