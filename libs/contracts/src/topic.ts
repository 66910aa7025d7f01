import type { z } from 'zod';

/** One Kafka topic and every message type that it carries. */
export interface Topic<Schemas extends Record<string, z.ZodType>> {
  /** `doorbuster.<owner>.<commands|events>.v1`, where the owner decides what the messages mean. */
  readonly name: string;
  /** A command asks its owner for something, an event tells everybody what happened. */
  readonly kind: 'command' | 'event';
  readonly schemas: Schemas;
}

/** Declares the topic of the commands that `owner` obeys. */
export const commandsOf = <S extends Record<string, z.ZodType>>(owner: string, schemas: S): Topic<S> => ({
  name: `doorbuster.${owner}.commands.v1`,
  kind: 'command',
  schemas,
});

/** Declares the topic of the events that `owner` tells. */
export const eventsOf = <S extends Record<string, z.ZodType>>(owner: string, schemas: S): Topic<S> => ({
  name: `doorbuster.${owner}.events.v1`,
  kind: 'event',
  schemas,
});
