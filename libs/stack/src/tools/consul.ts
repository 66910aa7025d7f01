import type { SetupContext } from './context.ts';
import { ensureGoTool } from './go-tool.ts';

export const CONSUL_VERSION = '1.22.7';

/** The path of Consul's program. */
export function ensureConsul(context: SetupContext): Promise<string> {
  const tool = {
    name: 'consul',
    title: 'Consul',
    version: CONSUL_VERSION,
    goPackage: 'github.com/hashicorp/consul',
    leftOut: 'joining a cluster through a cloud provider, which a shop on one machine never does',
    aboutMinutes: 3,
    isPinnedVersion: (output: string) => output.startsWith(`Consul v${CONSUL_VERSION}\n`),
  };
  return ensureGoTool(tool, context);
}
