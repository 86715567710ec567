import { describeHttpTransport } from '../../test/http-transport.js';
import { createHttpClient } from './http-fetch.js';

describeHttpTransport('fetch', createHttpClient);
