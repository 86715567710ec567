import { type Faults, paths, type RequestDetails } from '../../../src/dev/protocol.js';

/** Fetches a request as received; `gone` when it is no longer kept. */
export async function readRequest(id: number): Promise<RequestDetails | 'gone'> {
  const response = await fetch(`${paths.requests}/${id}`);
  if (response.status === 404) return 'gone';
  return (await expectOk(response).json()) as RequestDetails;
}

/** Sets the faults. The server notifies every page, this one too. */
export async function putFaults(faults: Faults): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  expectOk(await fetch(paths.faults, { method: 'PUT', headers, body: JSON.stringify(faults) }));
}

/** Deletes all entries on the server, which notifies every page, this one too. */
export async function clearEntries(): Promise<void> {
  expectOk(await fetch(paths.entries, { method: 'DELETE' }));
}

function expectOk(response: Response): Response {
  if (!response.ok) throw new Error(`expected a success, got ${response.status}`);
  return response;
}
