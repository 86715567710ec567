import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { RequestDetails } from '../../../src/dev/protocol.js';
import { elementOf } from '../data/json-text.js';
import { readRequest } from '../data/server.js';
import { CodeBlock } from './code-block.js';
import { Json } from './json.js';
import { Value } from './value.js';

/** The request of an entry, as received; `index` is the entry's place in a batch. */
export function RequestView({ id, index }: { id: number; index: number | undefined }): VNode {
  const [request, setRequest] = useState<RequestDetails | 'loading' | 'gone' | 'failed'>('loading');
  useEffect(() => {
    let isWanted = true;
    readRequest(id).then(
      (details) => isWanted && setRequest(details),
      () => isWanted && setRequest('failed'),
    );
    return () => {
      isWanted = false;
    };
  }, [id]);

  if (request === 'loading') return <p class="quiet" />;
  if (request === 'gone') return <p class="quiet">The request is no longer kept: newer ones replaced it.</p>;
  if (request === 'failed')
    return <p class="quiet">The request could not be read: successeve dev does not respond.</p>;
  return (
    <>
      <Body body={request.body} index={index} />
      <section>
        <h3>Repeat it</h3>
        <CodeBlock text={request.curl} copyLabel="Copy the curl command" />
      </section>
      <section>
        <h3>Request {request.status !== undefined && <small>answered with {request.status}</small>}</h3>
        <pre class="head">
          <b>
            <Value text={`${request.method} ${request.target}`} />
          </b>
          {request.headers.map(([name, value]) => (
            <>
              {'\n'}
              <span class="header-name">
                <Value text={name} />:
              </span>{' '}
              <Value text={value} />
            </>
          ))}
        </pre>
      </section>
    </>
  );
}

function Body({ body, index }: { body: string; index: number | undefined }): VNode {
  const [isWhole, setWhole] = useState(false);
  const element = index === undefined ? undefined : elementOf(body, index);
  const isPart = element !== undefined && !isWhole;
  return (
    <section>
      <h3>
        Body
        {element !== undefined && (
          <button type="button" class="link" onClick={() => setWhole(!isWhole)}>
            {isPart ? `No. ${(index ?? 0) + 1} of a batch; show all of it` : 'Show only this one'}
          </button>
        )}
      </h3>
      {body === '' ? (
        <p class="quiet">Empty.</p>
      ) : (
        <Json text={isPart ? element : body} copyLabel="Copy the body" />
      )}
    </section>
  );
}
