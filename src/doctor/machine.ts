import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFileSync, statSync, type Stats } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CoreConfig } from '../config/config.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import { parseCertificateTime } from '../domain/time/certificate-time.ts';
import { DAY_MS } from '../domain/time/durations.ts';
import { durationText, failure, fine, messageOf, sizeText, warning, type Finding } from './finding.ts';

/** Below it inserts, merges and commits begin to fail. */
const NO_SPACE_BYTES = 256 * 1024 * 1024;
const CERTIFICATE_WARNING_MS = 14 * DAY_MS;

/** As `engines` in package.json. */
export function checkNode(nodeVersion: string): Finding {
  const [major = 0, minor = 0] = nodeVersion.replace(/^v/, '').split('.').map(Number);
  const supported = major >= 24 || (major === 22 && minor >= 16) || (major === 20 && minor >= 19);
  if (supported) return fine('node', `Node.js ${nodeVersion}`);
  return failure(
    'node',
    `Node.js ${nodeVersion} is not supported`,
    'install version 24, 22.16 or newer, or 20.19 or newer',
  );
}

/** The directory of the embedded stores and the key file: who may look into it, and how much fits into it. */
export async function checkDataDirectory({ dataDirectory, outboxBytes }: CoreConfig): Promise<Finding[]> {
  const path = resolve(dataDirectory);
  const stat = statOf(path);
  if (stat === null) {
    return [
      failure('data directory', `${path} does not exist`, 'check TALLYHOUSE_DATA, or start the server: it makes it'),
    ];
  }
  if (!stat.isDirectory()) return [failure('data directory', `${path} is no directory`, 'check TALLYHOUSE_DATA')];
  const open = (stat.mode & 0o077) !== 0;
  const rights = open
    ? warning('data directory', `${path} can be read by other users`, `run: chmod 700 ${path}`)
    : fine('data directory', path);
  return [rights, await checkSpace(path, outboxBytes)];
}

async function checkSpace(path: string, outboxBytes: number): Promise<Finding> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  const says = `${sizeText(free)} free in ${path}`;
  if (free < NO_SPACE_BYTES) return failure('disk', says, 'make room now: writes are refused when the disk is full');
  if (free < outboxBytes) {
    return warning('disk', says, `make room, or lower TALLYHOUSE_OUTBOX_BYTES (${sizeText(outboxBytes)} now)`);
  }
  return fine('disk', says);
}

/** The key that opens sealed secrets. */
export function checkKey(keyFile: string, secret: string | undefined): Finding {
  if (secret !== undefined) return fine('key', 'secrets are sealed with TALLYHOUSE_SECRET');
  const stat = statOf(keyFile);
  if (stat === null) return fine('key', 'no key file yet: the first start makes it');
  if ((stat.mode & 0o077) === 0) return fine('key', `secrets are sealed with ${resolve(keyFile)}`);
  return failure('key', `${keyFile} can be read by other users`, `run: chmod 600 ${keyFile}`);
}

export function checkCertificate({ tlsCert, tlsKey }: CoreConfig, now: EpochMs): Finding | null {
  if (tlsCert === undefined || tlsKey === undefined) return null;
  try {
    const certificate = new X509Certificate(readFileSync(tlsCert));
    if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(tlsKey)))) {
      return failure('certificate', `${tlsKey} is not the key of ${tlsCert}`, 'set TALLYHOUSE_TLS_KEY to its key');
    }
    const left = parseCertificateTime(certificate.validTo) - now;
    const says = `${tlsCert} ends ${certificate.validTo}`;
    if (left <= 0) return failure('certificate', `${says}: clients refuse it`, 'renew it and restart the server');
    if (left > CERTIFICATE_WARNING_MS) return fine('certificate', says);
    return warning('certificate', `${says}, in ${durationText(left)}`, 'renew it and restart the server');
  } catch (error) {
    return failure('certificate', messageOf(error), 'TALLYHOUSE_TLS_CERT and TALLYHOUSE_TLS_KEY name PEM files');
  }
}

function statOf(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}
