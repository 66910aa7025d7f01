/** Where a library writes what it has to say; pino's loggers have this shape. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
