import { ParticipantConfig, runService } from '@doorbuster/service';
import { Router } from 'express';
import { z } from 'zod';
import { mailEffects } from './mailer.ts';
import { decide } from './notification.ts';
import { store } from './store.ts';

const Config = ParticipantConfig.extend({
  /** The mail server, which is not ours: `smtp://host:port`. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
});

await runService({
  name: 'notification',
  config: Config,
  migrations: new URL('../migrations/', import.meta.url),
  async start({ config, startPipeline }) {
    await startPipeline({
      consumes: ['OrderConfirmed', 'OrderCancelled'],
      store,
      decide,
      effects: mailEffects(config.SMTP_URL),
    });
    return { routes: Router() };
  },
});
