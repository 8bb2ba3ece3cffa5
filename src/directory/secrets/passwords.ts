import { hash, parseOptions, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import type { Problem } from '../../domain/problem.ts';
import { fail, ok, type Result } from '../../domain/result.ts';

/**
 * Passwords, hashed with argon2id (19 MiB, 2 passes, 1 lane). The work is done in libuv's pool, a few at a time, so
 * that a storm of log-ins neither stops the server nor keeps the store's threads busy.
 */
export interface Passwords {
  /** PHC text, `$argon2id$…`. */
  hash(password: string): Promise<string>;
  /** With `hashed` null (no such user, or one without a password) it takes as long as with a hash and is false. */
  verify(hashed: string | null, password: string): Promise<boolean>;
  /** As `verify`, but refuses when too many are waiting; for log-ins, which strangers can send. */
  tryVerify(hashed: string | null, password: string): Promise<Result<boolean, Problem>>;
}

/** Longest accepted password, in bytes of UTF-8. */
const MAX_PASSWORD_BYTES = 1024;

/** `Algorithm.Argon2id`: the package declares it as a const enum, which cannot be imported one file at a time. */
const ARGON2ID = 2;
const COST = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const LONGEST_QUEUE = 256;

export function createPasswords(atOnce = Math.max(1, Math.min(4, cpus().length - 1))): Passwords {
  const gate = createGate(atOnce);
  // Of a password that nobody knows; made when first needed.
  let stranger: Promise<string> | undefined;
  const hashOfNobody = (): Promise<string> => (stranger ??= hash(randomBytes(16).toString('hex'), COST));

  const verifyNow = async (hashed: string | null, password: string): Promise<boolean> => {
    if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) return false;
    const matches = await verify(hashed ?? (await hashOfNobody()), password.normalize('NFC'));
    return matches && hashed !== null;
  };
  return {
    hash: (password) => gate.run(() => hash(password.normalize('NFC'), COST)),
    verify: (hashed, password) => gate.run(() => verifyNow(hashed, password)),
    async tryVerify(hashed, password) {
      if (gate.waiting() >= LONGEST_QUEUE) return fail({ kind: 'overloaded', retryAfterMs: 2000 });
      return ok(await gate.run(() => verifyNow(hashed, password)));
    },
  };
}

/**
 * Why a hash from outside cannot be used, or null. Only argon2id, and not so costly that one log-in takes the machine.
 */
export function passwordHashMistake(hashed: string): string | null {
  try {
    const { algorithm, memoryCost, timeCost, parallelism } = parseOptions(hashed);
    const isArgon2id: boolean = Number(algorithm) === ARGON2ID;
    if (!isArgon2id) return 'must be an argon2id hash';
    if (memoryCost > 262_144 || timeCost > 16 || parallelism > 16)
      return 'costs too much: at most m=262144, t=16, p=16';
    return null;
  } catch {
    return 'must be an argon2id hash in PHC form, e.g. $argon2id$v=19$m=19456,t=2,p=1$salt$hash';
  }
}

interface Gate {
  run<T>(work: () => Promise<T>): Promise<T>;
  waiting(): number;
}

function createGate(width: number): Gate {
  let running = 0;
  const queue: (() => void)[] = [];
  return {
    async run(work) {
      if (running >= width) await new Promise<void>((resolve) => queue.push(resolve));
      else running++;
      try {
        return await work();
      } finally {
        // A waiting one takes over the place without giving it up in between.
        const next = queue.shift();
        if (next === undefined) running--;
        else next();
      }
    },
    waiting: () => queue.length,
  };
}
