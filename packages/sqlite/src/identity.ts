/** This process's id and lease length, as the other processes see them. */
export interface Identity {
  /** The path of the file that the processes share. */
  readonly path: string;
  /** Stands for one queue of one process, in the file. */
  readonly holder: string;
  /** How long the other processes leave the shares of this one alone after its last heartbeat. */
  readonly leaseMs: number;
}
