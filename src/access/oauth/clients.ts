import { tokenDigest, randomText } from '../../directory/secrets/tokens.ts';
import { organizationId, type OrganizationId } from '../../domain/scope.ts';
import type { Clock } from '../../domain/time/clock.ts';
import type { EpochMs } from '../../domain/time/instant.ts';
import type { Records } from '../../store/records/records.ts';
import type { Audit } from '../audit.ts';

/** An application that may ask for tokens (scanalytics.md 2). */
export interface OauthClient {
  readonly id: string;
  readonly organization: OrganizationId;
  readonly name: string | null;
  readonly type: 'public' | 'confidential';
  readonly grant: 'password' | 'client-credentials';
  /** The user who made it; a token of the client itself has this user's rights. */
  readonly ownerId: number;
  readonly createdAt: EpochMs;
}

export interface NewOauthClient {
  readonly name: string;
  readonly type: OauthClient['type'];
  readonly grant: OauthClient['grant'];
  readonly organization: OrganizationId;
  readonly owner: { readonly id: number; readonly email: string };
  readonly address: string;
}

export interface OauthClients {
  /**
   * The client that presents itself with this id and secret; null for an unknown id and for a confidential client
   * without its right secret. What a public client sends as its secret does not count.
   */
  authenticate(id: string, secret: string | null): Promise<OauthClient | null>;
  /** Oldest first. */
  ofOwner(ownerId: number): Promise<OauthClient[]>;
  /** Null unless the client is the owner's. */
  find(id: string, ownerId: number): Promise<OauthClient | null>;
  /** The secret is told here and never again; null for a public client. */
  create(client: NewOauthClient): Promise<{ readonly client: OauthClient; readonly secret: string | null }>;
  /** Ends its tokens too. */
  remove(client: OauthClient, by: { readonly email: string; readonly address: string }): Promise<void>;
}

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 40;
const SECRET_LENGTH = 64;
/** Longer than any id in the directory. */
const MAX_ID_LENGTH = 256;

export function createOauthClients(parts: {
  readonly records: Records;
  readonly clock: Clock;
  readonly audit: Audit;
}): OauthClients {
  const { records, clock, audit } = parts;
  const rows = () => records.db.selectFrom('oauth_clients').selectAll();

  return {
    async authenticate(id, secret) {
      // The store cannot hold U+0000, and refuses to look for it.
      if (id.length > MAX_ID_LENGTH || id.includes('\0')) return null;
      const row = await rows().where('client_id', '=', id).executeTakeFirst();
      if (row === undefined) return null;
      if (row.type === 'confidential') {
        if (secret === null || row.client_secret_hash !== tokenDigest(secret)) return null;
      }
      return clientFromRow(row);
    },

    async ofOwner(ownerId) {
      const found = await rows().where('owner_id', '=', ownerId).orderBy('created_at').orderBy('client_id').execute();
      return found.map(clientFromRow);
    },

    async find(id, ownerId) {
      if (id.length > MAX_ID_LENGTH || id.includes('\0')) return null;
      const row = await rows().where('client_id', '=', id).where('owner_id', '=', ownerId).executeTakeFirst();
      return row === undefined ? null : clientFromRow(row);
    },

    async create({ name, type, grant, organization, owner, address }) {
      const secret = type === 'confidential' ? randomText(SECRET_LENGTH, LETTERS_AND_DIGITS) : null;
      const now = clock.now();
      const row = {
        client_id: randomText(ID_LENGTH, LETTERS_AND_DIGITS),
        organization_id: organization,
        client_secret_hash: secret === null ? null : tokenDigest(secret),
        name,
        type,
        grant_type: grant,
        owner_id: owner.id,
        created_at: now,
        updated_at: now,
      };
      await records.db.insertInto('oauth_clients').values(row).execute();
      await audit.record({
        event: 'client.created',
        actor: owner.email,
        organization,
        subject: row.client_id,
        address,
      });
      return { client: clientFromRow(row), secret };
    },

    async remove({ id, organization }, { email, address }) {
      const { numDeletedRows } = await records.db
        .deleteFrom('oauth_clients')
        .where('client_id', '=', id)
        .executeTakeFirstOrThrow();
      if (numDeletedRows > 0n)
        await audit.record({ event: 'client.removed', actor: email, organization, subject: id, address });
    },
  };
}

function clientFromRow(row: {
  readonly client_id: string;
  readonly organization_id: number;
  readonly name: string | null;
  readonly type: OauthClient['type'];
  readonly grant_type: OauthClient['grant'];
  readonly owner_id: number;
  readonly created_at: EpochMs;
}): OauthClient {
  return {
    id: row.client_id,
    organization: organizationId(row.organization_id),
    name: row.name,
    type: row.type,
    grant: row.grant_type,
    ownerId: row.owner_id,
    createdAt: row.created_at,
  };
}
