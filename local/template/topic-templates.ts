import type { TopicTemplate } from './region-template.ts';
import { topicType } from './resource-types.ts';
import type { Stack } from './stack.ts';

export function readTopics(stack: Stack): TopicTemplate[] {
  return stack.all(topicType).map(({ logicalId, properties }) => ({
    logicalId,
    name: properties.TopicName,
    arn: stack.ref(logicalId),
  }));
}
