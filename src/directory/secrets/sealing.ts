import { createCipheriv, createDecipheriv, hash, randomBytes, scryptSync } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * Encrypts the few secrets that have to be shown again (Countly's keys, TOTP seeds): AES-256-GCM. `purpose` names the
 * column and is bound into the text, so that a sealed value copied into another column does not open.
 */
export interface Sealing {
  seal(text: string, purpose: string): string;
  /** Throws SealingError when the text was sealed with another key, for another purpose, or was altered. */
  open(sealed: string, purpose: string): string;
}

class SealingError extends Error {
  override readonly name = 'SealingError';
}

export interface SealingOptions {
  /** TALLYHOUSE_SECRET; undefined uses the key file. */
  readonly secret: string | undefined;
  readonly dataDirectory: string;
}

export const KEY_FILE = 'secret.key';

/**
 * Derives the key from `secret`, or reads the key file in the data directory, which is made (0600) when it is absent.
 * Throws SealingError when the file is readable by others or damaged.
 */
export function createSealing(options: SealingOptions): Sealing {
  return sealingWith(options.secret === undefined ? keyFromFile(options.dataDirectory) : keyFromSecret(options.secret));
}

// A fixed salt: every node has to derive the same key from the same secret and nothing else.
function keyFromSecret(secret: string): Buffer {
  return scryptSync(secret.normalize('NFC'), 'tallyhouse sealing 1', 32, { N: 16_384, r: 8, p: 1 });
}

function keyFromFile(dataDirectory: string): Buffer {
  const path = join(dataDirectory, KEY_FILE);
  const text = readKeyFile(path) ?? createKeyFile(dataDirectory, path);
  if (!/^[0-9a-f]{64}$/.test(text)) throw new SealingError(`${path} is damaged: restore it from a backup`);
  return Buffer.from(text, 'hex');
}

function readKeyFile(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    if ((fstatSync(file).mode & 0o077) !== 0) {
      throw new SealingError(`${path} can be read by other users: run chmod 600 ${path}`);
    }
    return readFileSync(file, 'utf8').trim();
  } finally {
    closeSync(file);
  }
}

/** Written whole under another name and linked into place: of two programs that start at once, both read one key. */
function createKeyFile(directory: string, path: string): string {
  mkdirSync(directory, { recursive: true });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${randomBytes(32).toString('hex')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
    syncDirectory(directory);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const text = readKeyFile(path);
  if (text === undefined) throw new SealingError(`${path} vanished while it was made`);
  return text;
}

function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

function sealingWith(key: Buffer): Sealing {
  const keyName = hash('sha256', Buffer.concat([Buffer.from('name of '), key]), 'hex').slice(0, 8);
  return {
    seal(text, purpose) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(purpose));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `1.${keyName}.${Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url')}`;
    },
    open(sealed, purpose) {
      const [version, sealedWith, text] = sealed.split('.');
      if (version !== '1' || text === undefined) throw new SealingError(`a sealed ${purpose} is damaged`);
      if (sealedWith !== keyName) {
        throw new SealingError(`a ${purpose} was sealed with another key: restore TALLYHOUSE_SECRET or ${KEY_FILE}`);
      }
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.length < IV_BYTES + TAG_BYTES) throw new SealingError(`a sealed ${purpose} is damaged`);
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
      try {
        return Buffer.concat([
          decipher.update(bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES)),
          decipher.final(),
        ]).toString('utf8');
      } catch (error) {
        throw new SealingError(`a sealed ${purpose} is damaged`, { cause: error });
      }
    },
  };
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
