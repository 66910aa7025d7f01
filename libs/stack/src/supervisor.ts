import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Crash, ProcessSpec, ProcessStatus } from './process-spec.ts';
import { usageOf } from './resource-usage.ts';
import { SupervisedProcess } from './supervised-process.ts';

/** The most instances of one service; more would only fight for the same cores. */
export const INSTANCES_MAX = 16;

interface SupervisorEvents {
  crash: [Crash];
  /** Some process has entered another state. */
  change: [];
}

/** How the instance of this name is to be started. */
export type InstanceSpec = (instance: string) => ProcessSpec | Promise<ProcessSpec>;

/** Thrown for a name that nothing is supervised under. */
export class UnknownName extends Error {
  override readonly name = 'UnknownName';
}

/** Starts, stops and watches over processes, each known by its name. None of them outlives this process. */
export class Supervisor extends EventEmitter<SupervisorEvents> {
  readonly #logFolder: string;
  readonly #processes = new Map<string, SupervisedProcess>();
  readonly #services = new Map<string, InstanceSpec>();
  #ending = false;

  constructor(logFolder: string) {
    super();
    this.#logFolder = logFolder;
    mkdirSync(logFolder, { recursive: true });
  }

  /** Takes the process under supervision and starts it; resolves when it is ready. */
  async run(spec: ProcessSpec): Promise<void> {
    if (this.#ending) throw new Error(`${spec.name} is not started any more: all is being stopped`);
    if (this.#processes.has(spec.name)) throw new Error(`there is already a process called ${spec.name}`);
    const supervised = new SupervisedProcess(spec, path.join(this.#logFolder, `${spec.name}.log`), {
      onState: () => this.emit('change'),
      onCrash: (crash) => this.emit('crash', crash),
    });
    this.#processes.set(spec.name, supervised);
    await supervised.start();
  }

  /** Makes a service known that can be scaled; its instances are called NAME-1, NAME-2 and so on. */
  defineService(name: string, instanceSpec: InstanceSpec): void {
    this.#services.set(name, instanceSpec);
  }

  /** Starts or stops instances until there are so many; resolves when the new ones are ready. */
  async scale(service: string, instances: number): Promise<void> {
    const instanceSpec = this.#services.get(service);
    if (!instanceSpec) throw new UnknownName(`there is no service called ${service} that can be scaled`);
    const wanted = Array.from({ length: instances }, (_, index) => `${service}-${index + 1}`);
    const missing = wanted.filter((name) => !this.#processes.has(name));
    const surplus = this.#instancesOf(service).filter((name) => !wanted.includes(name));
    await Promise.all([
      ...missing.map(async (name) => this.run(await instanceSpec(name))),
      ...surplus.map((name) => this.#remove(name)),
    ]);
  }

  async start(name: string): Promise<void> {
    await this.#find(name).start();
  }

  async stop(name: string): Promise<void> {
    await this.#find(name).stop();
  }

  /** SIGKILL: a crash, as far as anyone can tell; it is restarted if its spec says so. */
  async kill(name: string): Promise<void> {
    await this.#find(name).kill();
  }

  pause(name: string): void {
    this.#find(name).pause();
  }

  resume(name: string): void {
    this.#find(name).resume();
  }

  async restart(name: string): Promise<void> {
    await this.stop(name);
    await this.start(name);
  }

  /** Where a process's output goes. */
  logFile(name: string): string {
    return path.join(this.#logFolder, `${name}.log`);
  }

  /** All processes, in the order they were started, with what they have used so far. */
  list(): ProcessStatus[] {
    const all = [...this.#processes.values()];
    const usage = usageOf(all.flatMap((one) => one.pid ?? []));
    return all.map((one) => {
      const used = one.pid === undefined ? undefined : usage.get(one.pid);
      return {
        name: one.spec.name,
        state: one.state,
        pid: one.pid ?? null,
        port: one.port ?? null,
        since: one.since.toISOString(),
        restarts: one.restarts,
        cpuSeconds: used?.cpuSeconds ?? null,
        rssBytes: used?.rssBytes ?? null,
      };
    });
  }

  /**
   * Stops everything for good: first the highest tier, whose processes need the others, and so on down.
   */
  async stopAll(): Promise<void> {
    this.#ending = true;
    const all = [...this.#processes.values()];
    const tiers = [...new Set(all.map((one) => one.spec.tier))].sort((a, b) => b - a);
    for (const tier of tiers) {
      await Promise.all(all.filter((one) => one.spec.tier === tier).map((one) => one.stop()));
    }
  }

  #instancesOf(service: string): string[] {
    return [...this.#processes.keys()].filter((name) => name.replace(/-\d+$/, '') === service);
  }

  async #remove(name: string): Promise<void> {
    await this.#find(name).stop();
    this.#processes.delete(name);
  }

  #find(name: string): SupervisedProcess {
    const found = this.#processes.get(name);
    if (!found) throw new UnknownName(`there is no process called ${name}`);
    return found;
  }
}
