/**
 * Something on this machine keeps the shop from being set up. The message is one sentence for a person: what
 * is missing and what to do about it. Command lines print it and exit with code 2.
 */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

/** The half sentence every missing-tool message ends with, so that nobody believes they are stuck. */
export const DOCKER_NEEDS_NONE = 'or use `docker compose up`, which needs none of it';
