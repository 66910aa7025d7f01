import { type EffectHandler, NotThere } from '@doorbuster/pipeline';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { Answer } from './notification.ts';

const Mail = z.object({ to: z.string(), kind: z.string(), subject: z.string(), text: z.string() });

/**
 * The effect that sends a mail. SMTP has no look-up by key, so a mail whose answer was lost is sent again: at least
 * once, with the same Message-ID, by which mailboxes recognise a copy.
 */
export function mailEffects(smtpUrl: string): Record<string, EffectHandler<Answer>> {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: 8,
    maxMessages: Number.POSITIVE_INFINITY,
    connectionTimeout: 3_000,
    greetingTimeout: 3_000,
    socketTimeout: 10_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    'mail.send': {
      attemptsMax: 20,
      async call({ orderId, data }) {
        const { to, kind, subject, text } = Mail.parse(data);
        await transport
          .sendMail({
            from: 'Doorbuster <orders@doorbuster.example>',
            to,
            subject,
            text,
            messageId: `<${orderId}.${kind}@doorbuster.example>`,
            headers: { 'X-Order-Id': orderId },
          })
          .catch((error) => {
            throw error.code === 'ESOCKET' && error.syscall === 'connect'
              ? new NotThere(String(error))
              : error;
          });
        return { kind: 'sent' };
      },
    },
  };
}
