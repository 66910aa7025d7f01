import type { SetupContext } from './context.ts';
import { ensureGoTool } from './go-tool.ts';

export const PROMETHEUS_VERSION = '3.15.0';

/** The path of Prometheus' program. */
export const ensurePrometheus = (context: SetupContext): Promise<string> =>
  ensure('prometheus', 'Prometheus', context);

/** The path of promtool, which checks and tests what Prometheus is told. */
export const ensurePromtool = (context: SetupContext): Promise<string> =>
  ensure('promtool', 'promtool', context);

/** Two programs of one module, each built only for whoever asks for it. */
function ensure(name: string, title: string, context: SetupContext): Promise<string> {
  const tool = {
    name,
    title,
    version: PROMETHEUS_VERSION,
    module: 'prometheus',
    goPackage: `github.com/prometheus/prometheus/cmd/${name}`,
    // What is scraped is written in a file; without the tag the software kits of all clouds are compiled.
    tags: 'remove_all_sd',
    versionVariable: 'github.com/prometheus/common/version.Version',
    leftOut: 'finding targets in clouds (they are in a file), and the web page, which no Go module carries',
    aboutMinutes: 4,
    versionCall: '--version',
    isPinnedVersion: (output: string) => output.startsWith(`${name}, version ${PROMETHEUS_VERSION} `),
  };
  return ensureGoTool(tool, context);
}
