export type EngineName = 'chromium' | 'firefox' | 'webkit';

/** A browser that runs. */
export interface Engine {
  readonly name: EngineName;
  /** Opens a tab of a visitor of its own: without cookies or cached pages of another. */
  openTab(): Promise<Tab>;
  close(): Promise<void>;
}

/** A tab as a visitor uses it. */
export interface Tab {
  /** Loads a document, as if its address was typed. */
  goto(url: string): Promise<void>;
  /** Loads the document again. */
  reload(): Promise<void>;
  /** Clicks on an element where it is shown, once it is there. */
  click(selector: string): Promise<void>;
  /** Moves the pointer onto an element. */
  hover(selector: string): Promise<void>;
  press(key: string): Promise<void>;
  /** The value of an expression in the page. A promise is awaited; the page must not leave then. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** Starts an expression without waiting: the page may leave. */
  start(expression: string): Promise<void>;
  /** Hides the document: another tab comes in front, or the window is minimised. */
  hide(): Promise<void>;
  show(): Promise<void>;
  /** Closes the tab as a visitor does, who keeps another one. */
  closeAlone(): Promise<void>;
  /** Closes the tab, and forgets its visitor. */
  close(): Promise<void>;
  /** What the page threw and nothing caught, and the errors in its console. */
  readonly errors: readonly string[];
}
