/** What the tests tell the bridge's process to do with the requests that come. */
export type Behaviour =
  | { readonly kind: 'normal' }
  /** Every request is answered with this status and body, as a proxy in front of a server that is down. */
  | { readonly kind: 'status'; readonly status: number; readonly body: string }
  /** As a server that fails with this exception. */
  | { readonly kind: 'exception'; readonly code: number; readonly name: string }
  /** Connections are cut without an answer. */
  | { readonly kind: 'reset' }
  /** Requests are taken and never answered. */
  | { readonly kind: 'hang' }
  /** Requests are done this much later. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** The next insert is done, its answer is lost. */
  | { readonly kind: 'lose-answer' };

export type ToBridge = { readonly behaviour: Behaviour };
export type FromBridge = { readonly port: number } | { readonly behaves: Behaviour['kind'] };

export const USER = 'tallyhouse';
export const PASSWORD = 'p@ss/word:1';
