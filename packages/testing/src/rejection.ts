/** Why a request is not accepted, and how that is answered. */
export interface Rejection {
  readonly status: number;
  /** What was expected and what came. */
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}
