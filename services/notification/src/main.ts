import { flows } from '@doorbuster/contracts';
import { ParticipantConfig, runService } from '@doorbuster/service';
import { Router } from 'express';
import { z } from 'zod';
import { mailEffects } from './mailer.ts';
import { decide, decideWithoutMail } from './notification.ts';
import { store } from './store.ts';

const Config = ParticipantConfig.extend({
  /** The mail server, which is not ours: `smtp://host:port`. Without one a notification ends with its row. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
});

await runService({
  name: 'notification',
  config: Config,
  migrations: new URL('../migrations/', import.meta.url),
  async start({ config: { SMTP_URL: smtpUrl }, startPipeline }) {
    await startPipeline({
      consumes: flows.notification.receives,
      store,
      ...(smtpUrl === undefined ? { decide: decideWithoutMail } : { decide, effects: mailEffects(smtpUrl) }),
    });
    return { routes: Router() };
  },
});
