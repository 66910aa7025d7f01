import { beforeAll, describe, expect, test } from '@jest/globals';
import { mulberry32 } from '../load/random.ts';
import { shop } from '../support/servers.ts';
import type { Group, GroupContext } from './case.ts';
import { doorsOf, HostileInfo } from './doors.ts';
import { addresses, otherMethods } from './groups/addresses.ts';
import { bodies, media } from './groups/bodies.ts';
import { text } from './groups/text.ts';
import { tokens } from './groups/tokens.ts';
import { slow, unfinished, wire } from './groups/wire.ts';
import { runGroup } from './run-group.ts';

// A part of what `npm run hostile` tries, so that each kind is tried within seconds.

let context: GroupContext;
beforeAll(async () => {
  const info = HostileInfo.parse(shop());
  context = { info, doors: await doorsOf(info), seed: 1, bodiesPerRoute: 5 };
});

const chosen: [title: string, group: Group][] = [
  bodies,
  media,
  addresses,
  otherMethods,
  tokens,
  wire,
  unfinished,
  slow(50, false),
  text,
].map((group) => [group.title, thinned(group)]);

/** A hundred of a group's cases, drawn, and always the same ones. */
function thinned(group: Group): Group {
  return {
    ...group,
    cases(context) {
      const random = mulberry32(1);
      const all = group.cases(context);
      return all.filter(() => random() < 100 / all.length);
    },
  };
}

describe('When strangers send', () => {
  test.each(chosen)('%s: the right answer, no row changed, no process lost', async (_title, group) => {
    const { summary } = await runGroup(group, context);
    expect(summary.faults).toEqual([]);
    expect(summary.tried).toBeGreaterThan(10);
  });
});
