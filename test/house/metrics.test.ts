import { metricCatalogue } from '@doorbuster/telemetry';
import { expect, test } from '@jest/globals';
import { usesOf } from './metrics.ts';
import { typeScript } from './source.ts';

const files = typeScript();

test('When a metric is in the catalogue, then exactly one file measures it', () => {
  const uses = Object.keys(metricCatalogue).map((name) => [name, usesOf(name, files).length]);
  expect(uses.filter(([, count]) => count !== 1)).toEqual([]);
});

test('When a metric is named in part, in a test or nowhere, then nobody measures it', () => {
  const file = (path: string, name: string) => ({ path, text: `meter.counter('${name}');` });
  const found = usesOf('doorbuster.x', [
    file('services/order/src/a.ts', 'doorbuster.x.y'),
    file('services/order/test/a.test.ts', 'doorbuster.x'),
    file('libs/telemetry/src/catalogue.ts', 'doorbuster.x'),
    file('libs/pipeline/src/a.ts', 'doorbuster.x'),
  ]);
  expect(found).toEqual(['libs/pipeline/src/a.ts']);
});
