/** Why a backup or a restore cannot be done, in a sentence for the operator; nothing was changed unless it says so. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
