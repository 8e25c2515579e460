import path from 'node:path';
import type { CloudUrls, LocalCloud } from './handle.ts';

/** The text that the command prints when everything runs: what to open and what to try. */
export function welcome(cloud: LocalCloud, dataFolder: string, tookText: string): string {
  const { urls, regions } = cloud;
  const [primary = ''] = regions;
  const [demo] = cloud.partners();
  const logs = cloud.state().regions.map(({ region, bucket }) => path.join(dataFolder, region, bucket.name));
  return `
Keeptrack runs (up in ${tookText}).

  console        ${urls.console}
  tracking name  ${urls.name}   as DNS would resolve it
${regions.map((region) => `  ${region.padEnd(13)}  ${urls.region[region]}`).join('\n')}${furtherDoors(urls)}
  a partner      ${demo?.url}/received   what functions sent to http://${demo?.name}/…
  AWS endpoint   ${urls.endpoint}   for the ordinary AWS CLI, with any credentials:
    export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=${primary}
    aws --endpoint-url ${urls.endpoint} s3 ls

Click a link (-A names a browser, because clicks of robots such as curl do not count):
  curl -i -A Mozilla/5.0 '${urls.name}/aff_c?offer_id=15&aff_id=145001&url_id=902'

Break S3 in ${primary}, click again, then remove the fault (the first command returns its id, fault-1).
A minute later the log of ${primary} has these clicks too, because replay runs once a minute:
  curl -X POST ${urls.console}/api/faults -H 'content-type: application/json' \\
    -d '{"region":"${primary}","service":"s3","effect":"error","status":503,"code":"ServiceUnavailable"}'
  curl -X DELETE ${urls.console}/api/faults/fault-1

Read the event logs, some seconds after a click:
${logs.map((folder) => `  find ${folder} -name '*.gz' | xargs -r zcat`).join('\n')}

Stop with Ctrl-C.`;
}

function furtherDoors({ overHttp, secondDoor }: CloudUrls): string {
  const listed = (urls: Readonly<Record<string, string>>) =>
    Object.entries(urls)
      .map(([region, url]) => `${region} ${url}`)
      .join(', ');
  return [
    ...(overHttp ? [`\n  port 80        ${overHttp.name}, ${listed(overHttp.region)}`] : []),
    ...(secondDoor ? [`\n  second door    ${listed(secondDoor)}`] : []),
  ].join('');
}
