import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { PROMETHEUS_CONFIGURATION, prometheusServer } from '../../libs/stack/src/servers/prometheus.ts';
import { newFolder } from './temporary-folder.ts';

const place = async () => ({
  folder: path.join(await newFolder(), 'prometheus'),
  port: 20_001,
  jaeger: { metrics: 20_002 },
});

test('When Prometheus is to run here, then it reads what containers read, but for where its targets are', async () => {
  const { folder, ...ports } = await place();
  const { args } = await prometheusServer('prometheus', { folder, ...ports });
  expect(args[0]).toBe(`--config.file=${folder}/prometheus.yml`);
  const files = await readdir(PROMETHEUS_CONFIGURATION, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(
    files
      .filter((file) => file.isFile())
      .map(async ({ parentPath, name }) => {
        const file = path.relative(PROMETHEUS_CONFIGURATION, path.join(parentPath, name));
        const both = [path.join(PROMETHEUS_CONFIGURATION, file), path.join(folder, file)];
        const [theirs, ours] = await Promise.all(both.map((one) => readFile(one, 'utf8')));
        return { file, isSame: theirs === ours };
      }),
  );
  const others = texts.filter(({ isSame }) => !isSame).map(({ file }) => file);
  expect(others.sort()).toEqual(['targets/collector.yml', 'targets/prometheus.yml']);
  expect(texts.map(({ file }) => file)).toContain('prometheus.yml');
});

test('When Prometheus is to run here, then all its targets are on this machine', async () => {
  const { folder, ...ports } = await place();
  await prometheusServer('prometheus', { folder, ...ports });
  const targets = await Promise.all(
    (await readdir(path.join(folder, 'targets'))).sort().map(async (file) => {
      const [{ targets }] = JSON.parse(await readFile(path.join(folder, 'targets', file), 'utf8'));
      return [file, targets];
    }),
  );
  expect(targets).toEqual([
    ['collector.yml', ['127.0.0.1:20002']],
    ['prometheus.yml', ['127.0.0.1:20001']],
  ]);
});
