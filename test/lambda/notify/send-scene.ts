import type { RequestListener } from 'node:http';
import { onTestFinished } from 'vitest';
import type { PostbackRequest } from '../../../core/postbacks/outcome.ts';
import { systemClock } from '../../../lambda/aws/system-clock.ts';
import { openSender } from '../../../lambda/notify/send-postback.ts';
import { testAuthority } from './certificates.ts';
import { type SmallInternet, smallInternet } from './small-internet.ts';

/** The address of `partner.example`. */
export const partner = '52.0.0.1';

export const ok: RequestListener = (_, response) => response.end('ok');

/** A partner at `partner.example`, other names, and a sender. All are closed when the test is over. */
export async function scene(
  behaviour: Parameters<SmallInternet['place']>[1],
  answers: Parameters<typeof smallInternet>[0] = {},
) {
  const internet = smallInternet({ 'partner.example': [[partner]], ...answers });
  await internet.place(partner, behaviour);
  const sender = openSender({ clock: systemClock, network: internet, authorities: [testAuthority] });
  onTestFinished(async () => {
    sender.close();
    await internet.close();
  });
  const send = (given: Partial<PostbackRequest> = {}, budgetMs = 20_000) =>
    sender.send({ method: 'GET', url: 'http://partner.example/p?a=1', idempotencyId: 'id-1', ...given }, budgetMs);
  return { internet, send };
}
