/** The provider's own client for Node, which has no types. It speaks https only. */
declare module '3scale' {
  export interface Answer {
    is_success(): boolean;
    readonly status_code: number;
    readonly error_code: string | null;
    readonly error_message: string | null;
    readonly plan?: string;
    readonly usage_reports?: readonly Readonly<Record<string, unknown>>[];
  }
  type Call = (options: Readonly<Record<string, unknown>>, callback: (answer: Answer) => void) => void;
  export interface ThreescaleClient {
    readonly authorize: Call;
    readonly authorize_with_user_key: Call;
    readonly authrep: Call;
    readonly authrep_with_user_key: Call;
    readonly oauth_authorize: Call;
    report(serviceId: string, transactions: readonly object[], callback: (answer: Answer) => void): void;
  }
  const client: {
    readonly Client: new (providerKey: string | object, options?: object) => ThreescaleClient;
  };
  export default client;
}
