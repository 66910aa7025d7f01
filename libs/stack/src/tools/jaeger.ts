import type { SetupContext } from './context.ts';
import { ensureGoTool } from './go-tool.ts';

export const JAEGER_VERSION = '2.13.0';

/** The path of Jaeger's program, which is an OpenTelemetry collector as well. */
export function ensureJaeger(context: SetupContext): Promise<string> {
  const tool = {
    name: 'jaeger',
    title: 'Jaeger',
    version: JAEGER_VERSION,
    goPackage: 'github.com/jaegertracing/jaeger/cmd/jaeger',
    leftOut:
      'storing in Elasticsearch (traces are kept in memory), and the web page, which no Go module carries',
    aboutMinutes: 2,
    isPinnedVersion: (output: string) => output.includes(`"gitVersion":"v${JAEGER_VERSION}"`),
  };
  return ensureGoTool(tool, context);
}
