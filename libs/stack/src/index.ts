export { findShop } from './find-shop.ts';
export { onTermination, runProgram } from './launcher.ts';
export {
  type OperatorServer,
  Refusal,
  readJson,
  requireMethod,
  serveOperator,
} from './operator-server.ts';
export { type PollOptions, poll } from './poll.ts';
export { freePorts, preferredPort } from './ports.ts';
export type { Crash, ProcessSpec, ProcessState, ProcessStatus, StartingProcess } from './process-spec.ts';
export { type Progress, type ProgressItem, showProgress, silentProgress } from './progress.ts';
export { readArguments } from './read-arguments.ts';
export type { Database } from './servers/postgres.ts';
export { type Servers, type ServersOptions, startServers } from './servers.ts';
export type { ServiceSettings, Wiring } from './service-environment.ts';
export { SCALED, type ScaledService, type ServiceName } from './service-specs.ts';
export { ensureTools, type Tools } from './setup.ts';
export { SetupError } from './setup-error.ts';
export { type Shop, type ShopInfo, type ShopOptions, startShop } from './shop.ts';
export { controlRoomOf, keepShopInfo } from './shop-info.ts';
export { INSTANCES_MAX, Supervisor, UnknownName } from './supervisor.ts';
export { serveSupervisor } from './supervisor-api.ts';
export { buildWeb } from './web-page.ts';
