/**
 * `npm run release-contracts`: keeps the contracts as they stand under their version, for later ones to be compared
 * with. What is released is never written again: raise the version first.
 */
import { writeFile } from 'node:fs/promises';
import { currentRelease } from '../release.ts';

const release = currentRelease();
const name = `v${release.version}.json`;
try {
  await writeFile(
    new URL(name, new URL('../../released/', import.meta.url)),
    `${JSON.stringify(release, undefined, 2)}\n`,
    { flag: 'wx' },
  );
  console.log(
    `libs/contracts/released/${name}: ${Object.keys(release.messages).length} messages, ${Object.keys(release.http).length} requests`,
  );
} catch (error) {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  console.error(
    `${release.version} is released already: raise the version in package.json and version.ts first`,
  );
  process.exitCode = 1;
}
