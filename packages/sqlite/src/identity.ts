/** This process's id and lease length, as the other processes see them. */
export interface Identity {
  /** The file that the processes share. */
  readonly path: string;
  readonly holder: string;
  readonly leaseMs: number;
}
