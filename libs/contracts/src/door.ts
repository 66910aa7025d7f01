import { z } from 'zod';

/** What the door knows of an instance. */
export const InstanceView = z.object({
  id: z.string(),
  state: z.enum(['in', 'out', 'trial']).describe('`in` gets requests, `out` none, `trial` one that decides'),
  cause: z.enum(['refused', 'silent', 'failing']).nullable().describe('Why it is passed over'),
  inFlight: z.int().describe('Requests that wait for its answer'),
});
export type InstanceView = z.infer<typeof InstanceView>;

/** What the door knows of a service, and what it did to get answers from it. */
export const UpstreamView = z.object({
  service: z.string(),
  requests: z.int().describe('Requests of clients that were handed on, since the gateway started'),
  retries: z.int().describe('How many of them were sent once more, to another instance'),
  retriesLeft: z.int().describe('Retries that could be made now'),
  instances: z.array(InstanceView),
});
export type UpstreamView = z.infer<typeof UpstreamView>;

/** `GET /admin/instances`. */
export const DoorView = z.object({ services: z.array(UpstreamView) });
export type DoorView = z.infer<typeof DoorView>;
