/** Sends one command of the WebDriver protocol. @throws Error with the driver's own code and message, which may be empty. */
export async function command<Value>(
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  body?: object,
): Promise<Value> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(30_000),
    ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
  });
  const { value } = (await response.json()) as { value: Value & { error?: string; message?: string } };
  if (!response.ok) {
    throw new Error(`WebDriver: ${method} ${new URL(url).pathname}: ${value.error} ${value.message}`);
  }
  return value;
}

/** The name of an element's id in the protocol. */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf';

/** One session: one visitor with one or more windows. */
export class WebDriverSession {
  readonly #url: string;

  private constructor(url: string) {
    this.#url = url;
  }

  static async open(driver: string, capabilities: object): Promise<WebDriverSession> {
    const { sessionId } = await command<{ sessionId: string }>('POST', `${driver}/session`, {
      capabilities: { alwaysMatch: capabilities },
    });
    return new WebDriverSession(`${driver}/session/${sessionId}`);
  }

  post<Value>(path: string, body?: object): Promise<Value> {
    return command('POST', `${this.#url}/${path}`, body);
  }

  async closeWindow(): Promise<void> {
    await command('DELETE', `${this.#url}/window`);
  }

  async close(): Promise<void> {
    await command('DELETE', this.#url);
  }

  /** Finds an element as soon as it is there. */
  async find(selector: string): Promise<{ readonly id: string; readonly reference: object }> {
    const reference = await this.post<Record<string, string>>('element', {
      using: 'css selector',
      value: selector,
    });
    return { id: reference[elementKey] ?? '', reference };
  }
}
