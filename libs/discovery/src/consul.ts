import Consul from 'consul';

/** A client of the Consul agent at this URL, for example `http://127.0.0.1:8500`. */
export function connectConsul(consulUrl: string): Consul {
  const { hostname, port, protocol } = new URL(consulUrl);
  const secure = protocol === 'https:';
  return new Consul({ host: hostname, port: Number(port) || (secure ? 443 : 80), secure });
}
