import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';

export interface User {
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root. For root this gives a user that every system has and that owns nothing
 * of worth; anybody else runs it as themselves, for which this gives undefined.
 */
export function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return lookUp('postgres') ?? lookUp('nobody') ?? { uid: 65534, gid: 65534 };
}

function lookUp(name: string): User | undefined {
  const id = (flag: string) =>
    Number.parseInt(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout, 10);
  const [uid, gid] = [id('-u'), id('-g')];
  return uid > 0 && gid > 0 ? { uid, gid } : undefined;
}

/** Whether the user may pass through every folder down to this one: root's home, for one, is often closed. */
export function canReach(user: User, folder: string): boolean {
  const parent = path.dirname(folder);
  return mayEnter(user, folder) && (parent === folder || canReach(user, parent));
}

function mayEnter(user: User, folder: string): boolean {
  const { mode, uid, gid } = statSync(folder);
  if (uid === user.uid) return (mode & 0o100) !== 0;
  if (gid === user.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}
