import { describeAdapter } from '@successeve/testing/adapter-contract';
import { mountOn } from './test-application.js';

const rejectsInvalidUrls = '@hono/node-server answers 400 by itself';

const ignoresForwardedPrefix = 'Hono has no setting for proxies';

describeAdapter('hono on node', mountOn('node'), { rejectsInvalidUrls, ignoresForwardedPrefix });

describeAdapter('hono on a server of the web’s requests', mountOn('web'), {
  rejectsInvalidUrls,
  ignoresForwardedPrefix,
  hidesSending: 'a handler of web requests does not see how its response is sent',
  takesHostFromServer: 'the URL of a web request is all that there is',
});
