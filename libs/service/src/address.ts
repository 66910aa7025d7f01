import { networkInterfaces } from 'node:os';

/**
 * The address under which others reach an instance that listens on this host: the host itself, or, where it listens on
 * all addresses, the first that leads here from outside. In a container or a pod there is exactly one.
 */
export function addressOf(host: string): string {
  if (host !== '0.0.0.0') return host;
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  return outside?.address ?? '127.0.0.1';
}
