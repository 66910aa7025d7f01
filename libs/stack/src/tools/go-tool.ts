import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached, cacheRoot } from '../cache.ts';
import { runCommand } from '../run-command.ts';
import type { SetupContext } from './context.ts';
import { buildGoPackage, LINK_FLAGS, requireGo } from './go-build.ts';
import { findOnPath } from './on-path.ts';

/** A server that no registry carries ready built, and that we build from its pinned Go module. */
export interface GoTool {
  name: string;
  title: string;
  version: string;
  /** The folder in tools with its wrapper module, if that is not called as the program is. */
  module?: string;
  /** The package with its main function, a tool of the wrapper module. */
  goPackage: string;
  /** Build tags, if any, with commas between them. */
  tags?: string;
  /** The Go variable into which the version is linked, where the sources do not have it. */
  versionVariable?: string;
  /** Why a person should not worry about what the build leaves out. */
  leftOut: string;
  aboutMinutes: number;
  /** What this program is called with to say its version; `version` if not said otherwise. */
  versionCall?: string;
  /** Whether what this program says about its version is exactly the version we pin. */
  isPinnedVersion(output: string): boolean;
}

/** The program's path: from PATH if it is the very version, else from the cache, else built. */
export async function ensureGoTool(tool: GoTool, context: SetupContext): Promise<string> {
  const { progress, signal } = context;
  const onPath = findOnPath(tool.name);
  if (onPath && (await isPinned(onPath, tool, signal))) return onPath;
  const moduleFolder = fileURLToPath(new URL(`../../tools/${tool.module ?? tool.name}`, import.meta.url));
  const flags = buildFlags(tool);
  const name = `${tool.name}-${tool.version}-${await digestOf(moduleFolder, flags)}`;
  const item = progress.item(tool.title);
  // Only a missing program needs Go, and whoever lacks it should hear so before they wait for anything.
  if (!existsSync(path.join(cacheRoot(), name))) await requireGo(tool, moduleFolder, signal);
  const program = await cached(name, item, signal, async (draft) => {
    item.say(
      `building ${tool.version} from source, since no registry has it ready built; this is done once.`,
    );
    item.say(`left out: ${tool.leftOut}. It takes about ${tool.aboutMinutes} min on two idle cores.`);
    await buildGoPackage({ goPackage: tool.goPackage, flags, moduleFolder, draft, item, signal });
  });
  item.done();
  return program;
}

/** What the build of this tool is told besides what every build is. */
function buildFlags({ tags, version, versionVariable }: GoTool): string[] {
  return [
    ...(tags === undefined ? [] : [`-tags=${tags}`]),
    ...(versionVariable === undefined ? [] : [`-ldflags=${LINK_FLAGS} -X ${versionVariable}=${version}`]),
  ];
}

async function isPinned(program: string, tool: GoTool, signal: AbortSignal | undefined): Promise<boolean> {
  const { versionCall = 'version' } = tool;
  const output = await runCommand(program, [versionCall], { signal }).catch(() => '');
  return tool.isPinnedVersion(output);
}

/** A digest of all that decides what is built: go.mod, go.sum, the sources that stand in for others, and flags. */
async function digestOf(moduleFolder: string, flags: readonly string[]): Promise<string> {
  const entries = await readdir(moduleFolder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    hash.update(`${path.relative(moduleFolder, file)}\n`).update(await readFile(file));
  }
  return hash.update(flags.join('\n')).digest('hex').slice(0, 12);
}
