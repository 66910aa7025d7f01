/**
 * Something keeps a command from doing its work: a tool that is missing, an option that makes no sense, a shop that is
 * not up. The message is one sentence for a person: what is wrong and what to do about it. Command lines print it and
 * exit with code 2.
 */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

/** The half sentence every missing-tool message ends with, so that nobody believes they are stuck. */
export const DOCKER_NEEDS_NONE = 'or use `docker compose up`, which needs none of it';
