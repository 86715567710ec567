import type { VNode } from 'preact';
import type { Kind } from '../data/entry.js';
import { isNarrowing } from '../data/filter.js';
import { showAll } from '../view/open.js';
import { filter, hello, latest } from '../view/state.js';
import { CodeBlock } from './code-block.js';

/** Shown in place of an empty list. */
export function Empty(): VNode {
  const { total, ring } = latest.value.received;
  if (total > 0) return isNarrowing(filter.value) ? <NoMatch /> : <Welcome />;
  const newest = Math.max(ring.newest, hello.value?.newest ?? 0);
  return newest > 0 ? <Cleared /> : <Welcome />;
}

function Welcome(): VNode {
  const apiUrl = hello.value?.apiUrl ?? location.origin;
  const variables = `export SUCCESSEVE_API_URL=${apiUrl}\nexport SUCCESSEVE_API_TOKEN=anything`;
  const body =
    '{"contact_uid":"123456","event_uid":"user_registration","params":{"display_name":"Registration"}}';
  const curl = `curl -u anything: -H 'Content-Type: application/json' -d '${body}' ${apiUrl}/v1/track/event`;
  return (
    <div class="welcome">
      <h2>Waiting for the first event</h2>
      <p>This is a local Tracking API. It shows the events it receives, and sends them nowhere.</p>
      <ol>
        <li>
          <h3>Point your application here, and restart it</h3>
          <CodeBlock text={variables} copyLabel="Copy the two variables" />
          <p>
            In the shell that starts it, or in its .env file without <code>export</code>. createTracker()
            reads them, unless its options set other values. Any token is accepted, unless successeve dev was
            started with --token.
          </p>
        </li>
        <li>
          <h3>Or send a first event yourself</h3>
          <CodeBlock text={curl} copyLabel="Copy the curl command" />
        </li>
        <li>
          <h3>See what was not counted, and why</h3>
          <DebugVariable />
        </li>
      </ol>
    </div>
  );
}

function Cleared(): VNode {
  return (
    <div class="welcome">
      <h2>Cleared</h2>
      <p>Waiting for the next event.</p>
    </div>
  );
}

/** The kinds that only an application with `debug` reports. */
const reported: readonly Kind[] = ['skipped', 'other', 'dropped', 'notice'];

function NoMatch(): VNode {
  const { counts } = latest.value.received;
  const { kinds } = filter.value;
  const isUnreported =
    kinds.some((kind) => reported.includes(kind)) && reported.every((kind) => counts[kind] === 0);
  return (
    <div class="welcome">
      <h2>Nothing matches</h2>
      <p>
        <button type="button" class="link" onClick={showAll}>
          Show everything
        </button>
      </p>
      {isUnreported && (
        <ol>
          <li>
            <h3>No application has reported anything yet</h3>
            <DebugVariable />
          </li>
        </ol>
      )}
    </div>
  );
}

function DebugVariable(): VNode {
  return (
    <>
      <CodeBlock text="export SUCCESSEVE_DEBUG=1" copyLabel="Copy the variable" />
      <p>
        With it, the SDK reports each request that was not a pageview, each event it dropped, and its
        warnings, all with their reasons.
      </p>
    </>
  );
}
