import '@successeve/testing/vitest';
import { createRecorder } from '@successeve/testing';
import request from 'supertest';
import { expect, it } from 'vitest';
import { createApp } from './app.js';

it('records who registers, with which plan, and that they see the onboarding', async () => {
  const recorder = createRecorder();
  const visitor = request.agent(createApp(recorder));

  await visitor.post('/register').send({ plan: 'pro' }).expect(303);
  await visitor.get('/onboarding').set('Accept', 'text/html').expect(200);
  await recorder.flush();

  expect(recorder).toHaveTracked('user_registration', { contactUid: 7, params: { plan: 'pro' } });
  expect(recorder).toHavePageview('/onboarding', { contactUid: 7 });
  expect(recorder).not.toHaveTracked('user_upgrade');
});
