import { z } from 'zod';
import { readSource } from '../house/source.ts';
import type { LockedPackage } from './lock.ts';

const Severity = z.enum(['info', 'low', 'moderate', 'high', 'critical']);

/** A finding that we live with, for exactly these versions, and why. */
export const Accepted = z.strictObject({
  advisory: z.string().regex(/^GHSA(-[a-z0-9]{4}){3}$/),
  package: z.string().min(1),
  versions: z.array(z.string().regex(/^\d+\.\d+\.\d+/)).min(1),
  severity: Severity,
  why: z.string().min(40, 'Say what the weakness is and why nobody can use it here'),
});
export type Accepted = z.infer<typeof Accepted>;

/** Something that the registry knows against a package that we lock. */
export interface Finding extends Pick<Accepted, 'advisory' | 'package' | 'severity'> {
  title: string;
  version: string;
}

/** The findings that are explained. @throws where the file says less about one than it has to */
export const readAccepted = (): Accepted[] =>
  z.strictObject({ accepted: z.array(Accepted) }).parse(JSON.parse(readSource(advisoriesFile).text)).accepted;

export const advisoriesFile = 'docs/security/advisories.json';

/** Explanations of versions that are not locked any more: the package was mended or left, and so is the explanation. */
export const staleAmong = (accepted: readonly Accepted[], locked: readonly LockedPackage[]): string[] =>
  accepted.flatMap((one) =>
    one.versions
      .filter((version) => !locked.some((other) => other.name === one.package && other.version === version))
      .map((version) => `${one.advisory} is explained for ${one.package} ${version}, which is not locked`),
  );

/** What of the findings is not explained, a sentence each. */
export const unexplainedAmong = (findings: readonly Finding[], accepted: readonly Accepted[]): string[] =>
  findings
    .filter(
      (finding) =>
        !accepted.some(
          (one) =>
            one.advisory === finding.advisory &&
            one.package === finding.package &&
            one.versions.includes(finding.version),
        ),
    )
    .map((one) => `${one.package} ${one.version}: ${one.title} (${one.severity}, ${one.advisory})`);

const Via = z.object({ name: z.string(), title: z.string(), url: z.string(), severity: Severity });
const Report = z.object({
  vulnerabilities: z.record(
    z.string(),
    // A text names another package of the report, through which this one is affected: it is told there.
    z.object({ via: z.array(z.union([z.string(), Via])), nodes: z.array(z.string()) }),
  ),
});

/** Reads what `npm audit --json` says. @throws ZodError where it is no report but an error, such as no network */
export function findingsIn(report: unknown, locked: readonly LockedPackage[]): Finding[] {
  const versions = new Map(locked.map(({ place, version }) => [place, version]));
  return Object.values(Report.parse(report).vulnerabilities).flatMap(({ via, nodes }) =>
    via
      .filter((one) => typeof one !== 'string')
      .flatMap(({ name, title, url, severity }) =>
        nodes.map((place) => ({
          advisory: url.replace(/^.*\//, ''),
          package: name,
          severity,
          title,
          version: versions.get(place) ?? 'of no known version',
        })),
      ),
  );
}
