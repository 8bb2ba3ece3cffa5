/** Truth in a column: both engines store a small integer, so that rows look the same from either. */
export type Flag = 0 | 1;

/** A JSON document as text. Whoever writes it reads it; the store never looks inside. */
export type JsonText = string;

/** SHA-256 of a secret, 64 lower-case hex digits. The secret itself is never stored. */
export type SecretHash = string;

/** A secret that has to be shown again, encrypted with the instance's key (`access/sealing.ts`). */
export type Sealed = string;
