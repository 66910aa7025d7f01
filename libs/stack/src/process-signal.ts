import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';
import { descendantsOf } from './process-table.ts';

/**
 * Signals the process alone. A good end is the leader's own work: it knows in which order its children go
 * (PostgreSQL's checkpointer must not be asked before the backends are gone).
 */
export function signalLeader(leader: ProcessIdentity, signal: NodeJS.Signals): boolean {
  return isAlive(leader) && send(leader.pid, signal);
}

/**
 * Signals the process and all it has started. Its process group is not enough, for PostgreSQL gives each
 * backend a group of its own; nor is the tree, for a child whose parent has died is in nobody's.
 */
export function signalTree(leader: ProcessIdentity, signal: NodeJS.Signals): boolean {
  // Another process under the leader's number: the group is gone, and the number was handed out again.
  if (identify(leader.pid) && !isAlive(leader)) return false;
  const descendants = descendantsOf(leader.pid);
  const reached = send(-leader.pid, signal);
  for (const pid of descendants) send(pid, signal);
  return reached;
}

function send(target: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch {
    return false;
  }
}
