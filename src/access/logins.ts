import { fail, ok, type Result } from '../domain/result.ts';
import type { Clock } from '../domain/time/clock.ts';
import { MINUTE_MS } from '../domain/time/durations.ts';
import { epochMs, type EpochMs } from '../domain/time/instant.ts';
import type { Directory } from '../directory/directory.ts';
import type { Passwords } from '../directory/secrets/passwords.ts';
import type { Sealing } from '../directory/secrets/sealing.ts';
import { tokenDigest } from '../directory/secrets/tokens.ts';
import type { User } from '../directory/users.ts';
import type { Records } from '../store/records/records.ts';
import { emailKey } from '../store/records/schema/users.ts';
import type { Audit } from './audit.ts';
import { createLockout, STRICT_LOCKOUT, type Lockout, type LockoutRules } from './lockout.ts';
import { totpStep } from './totp.ts';

/** So long after a right password the one-time code is awaited (tr50.md appendix 3). */
const SECOND_FACTOR_MS = 5 * MINUTE_MS;

export interface LoginAttempt {
  /** E-mail address, in any case, or user name. */
  readonly username: string;
  /** The password; for a user with a second factor also the six-digit code, within 5 minutes after the password. */
  readonly password: string;
  /** The code together with the password, for dialects that send both at once. */
  readonly code?: string | undefined;
  readonly address: string;
  /** Dialect, for the audit log. */
  readonly source: string;
}

export interface Logins {
  /**
   * Problems: `not_authenticated` (unknown user, wrong password or code, disabled, or may only come through the
   * identity provider: not told apart, also not by the time it takes), `second_factor_required` (the password was
   * right), `locked_out`, `overloaded` (too many log-ins are being checked).
   */
  login(attempt: LoginAttempt): Promise<Result<User>>;
  /**
   * Whether somebody of that name may only come through the identity provider. To be asked by dialects that tell such
   * users so; whoever asks learns that the user exists.
   */
  isForIdentityProvider(username: string): Promise<boolean>;
  /** The same with another guard against guessing, whose failures are counted apart. */
  guardedBy(rules: LockoutRules): Pick<Logins, 'login'>;
}

export interface LoginParts {
  readonly records: Records;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly passwords: Passwords;
  readonly sealing: Sealing;
}

/** What a log-in needs to know of the user beyond what the directory tells. */
interface Secrets {
  readonly id: number;
  readonly password_hash: string | null;
  readonly totp_secret_sealed: string | null;
  readonly second_factor_until: EpochMs | null;
}

export function createLogins(parts: LoginParts): Logins {
  const guardedBy = (rules: LockoutRules): Pick<Logins, 'login'> =>
    loginsWith(parts, createLockout(parts.records, rules));
  return {
    ...guardedBy(STRICT_LOCKOUT),
    guardedBy,
    isForIdentityProvider: (name) => isForIdentityProvider(parts, name),
  };
}

async function isForIdentityProvider({ records }: LoginParts, name: string): Promise<boolean> {
  if (!isName(name)) return false;
  const key = emailKey(name);
  const rows = await records.db
    .selectFrom('users')
    .select(['email_key', 'sso_only'])
    .where((where) => where.or([where('email_key', '=', key), where('username', '=', name)]))
    .where('enabled', '=', 1)
    .execute();
  return (rows.find((row) => row.email_key === key) ?? rows[0])?.sso_only === 1;
}

function loginsWith(parts: LoginParts, lockout: Lockout): Pick<Logins, 'login'> {
  const { records, directory, clock, audit, passwords, sealing } = parts;

  const secretsOf = async (name: string): Promise<Secrets | undefined> => {
    if (!isName(name)) return undefined;
    const key = emailKey(name);
    const rows = await records.db
      .selectFrom('users')
      .select(['id', 'email_key', 'password_hash', 'totp_secret_sealed', 'second_factor_until'])
      .where((where) => where.or([where('email_key', '=', key), where('username', '=', name)]))
      .where('enabled', '=', 1)
      .where('sso_only', '=', 0)
      .execute();
    // Somebody may have chosen another one's address as user name.
    return rows.find((row) => row.email_key === key) ?? rows[0];
  };

  /** Uses up a code: of two that come at once only one passes. */
  const passCode = async (secrets: Secrets, code: string, now: EpochMs): Promise<boolean> => {
    if (secrets.totp_secret_sealed === null) return false;
    const step = totpStep(sealing.open(secrets.totp_secret_sealed, 'users.totp_secret_sealed'), code, now);
    if (step === null) return false;
    const { numUpdatedRows } = await records.db
      .updateTable('users')
      .set({ totp_step: step, second_factor_until: null })
      .where('id', '=', secrets.id)
      .where((where) => where.or([where('totp_step', 'is', null), where('totp_step', '<', step)]))
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  };

  const check = async (attempt: LoginAttempt, secrets: Secrets | undefined, now: EpochMs): Promise<Result<boolean>> => {
    const awaited = secrets?.second_factor_until ?? null;
    if (secrets !== undefined && awaited !== null && awaited > now && /^\d{6}$/.test(attempt.password)) {
      if (await passCode(secrets, attempt.password, now)) return ok(true);
    }
    const matches = await passwords.tryVerify(secrets?.password_hash ?? null, attempt.password);
    if (!matches.ok || !matches.value || secrets === undefined) return matches;
    if (secrets.totp_secret_sealed === null) return ok(true);
    if (attempt.code !== undefined) return ok(await passCode(secrets, attempt.code, now));
    await records.db
      .updateTable('users')
      .set({ second_factor_until: epochMs(now + SECOND_FACTOR_MS) })
      .where('id', '=', secrets.id)
      .execute();
    return fail({ kind: 'second_factor_required' });
  };

  return {
    async login(attempt) {
      const now = clock.now();
      const secrets = await secretsOf(attempt.username);
      const subject = subjectOf(secrets, attempt.username);
      const lockedUntil = await lockout.lockedUntil(subject, now);
      if (lockedUntil !== null) return fail({ kind: 'locked_out', until: lockedUntil });

      const checked = await check(attempt, secrets, now);
      // Guesses that were being checked when the last allowed one failed must not slip through.
      const lockedMeanwhile = await lockout.lockedUntil(subject, now);
      if (lockedMeanwhile !== null) return fail({ kind: 'locked_out', until: lockedMeanwhile });
      if (!checked.ok) return checked;

      const user = secrets === undefined ? null : await directory.userById(secrets.id);
      const record = async (event: string): Promise<void> => {
        // Names that nobody has are not put on record: strangers could fill it.
        if (user === null) return;
        const organization = user.memberships[0]?.organization;
        const { address, source } = attempt;
        await audit.record({ event, actor: user.email, organization, address, detail: { source } });
      };
      if (user === null || !checked.value) {
        const locked = await lockout.failed(subject, now);
        await record('login.failed');
        if (locked) await record('login.locked');
        return fail({ kind: 'not_authenticated', reason: 'rejected' });
      }
      await lockout.succeeded(subject);
      await record('login.succeeded');
      return ok(user);
    },
  };
}

/** Longer than any address or name in the directory. */
const MAX_NAME = 256;

/** Texts that the store cannot hold or that nobody can be called are nobody's name. */
function isName(text: string): boolean {
  return text.length <= MAX_NAME && !/\p{Cc}/u.test(text);
}

/** One count for all names of a user. Of names that nobody has only a digest is kept: people mistype passwords there. */
function subjectOf(secrets: Secrets | undefined, name: string): string {
  return secrets === undefined ? `name ${tokenDigest(emailKey(name))}` : `user ${secrets.id}`;
}
