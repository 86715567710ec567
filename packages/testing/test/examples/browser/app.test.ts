import '@successeve/testing/vitest';
import { createRecorder, reportEvent, reportPage } from '@successeve/testing';
import { expect, it } from 'vitest';
import { createApp } from './app.js';

it('records the pages that the router shows, and the filters that are saved there', async () => {
  const recorder = createRecorder();
  const app = createApp(recorder);
  const headers = { cookie: 'user=7' };

  await reportPage(app, '/inbox', { headers });
  await reportEvent(app, 'filter_saved', { params: { filter: 'overdue' }, headers });
  await recorder.flush();

  expect(recorder).toHavePageview('/inbox', { contactUid: 7 });
  expect(recorder).toHaveTracked('filter_saved', { contactUid: 7, params: { filter: 'overdue' } });
});
