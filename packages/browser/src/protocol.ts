/** The body of one report: a `POST` to `path`, as JSON. Only this file says what the browser sends. */
export type Report = PageReport | EventReport;

/** A page became a visit. */
export interface PageReport {
  /** Path and query; also the fragment where it begins with `#/` or `#!/`. Never a whole URL. */
  readonly page: string;
  /** How long ago the page appeared, in milliseconds. */
  readonly age: number;
  /**
   * Only where the page is the one that the document was loaded for, and its first: the server may have counted the
   * document. Without it, the server was not asked.
   */
  readonly first?: FirstPage | undefined;
}

/** What the server needs to know whether it counted this document. */
export interface FirstPage {
  /** The path and query that the document was loaded with. */
  readonly document: string;
  /** How long ago the navigation to the document began, in milliseconds. */
  readonly since: number;
  /** The description of the `Server-Timing` entry named `seen`: the server's time when it answered the document. */
  readonly mark?: string | undefined;
  /**
   * The server was certainly not asked when the visitor came: the document was prerendered or prefetched, or it came from
   * the HTTP cache. Or it leaves the document to the browser, which is in a frame.
   */
  readonly unasked?: boolean | undefined;
}

/** The application recorded an event. */
export interface EventReport {
  /** The name of the event, as in the catalogue. */
  readonly event: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** How long ago it happened, in milliseconds. */
  readonly age: number;
}
