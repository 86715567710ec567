import '@successeve/testing/vitest';
import { Test } from '@nestjs/testing';
import { TRACKER } from '@successeve/nestjs';
import { createRecorder } from '@successeve/testing';
import request from 'supertest';
import { expect, it } from 'vitest';
import { AppModule } from './app.module.js';

it('records who creates a report, and who sees the onboarding', async () => {
  const recorder = createRecorder();
  const testing = Test.createTestingModule({ imports: [AppModule] });
  const module = await testing.overrideProvider(TRACKER).useValue(recorder).compile();
  const app = await module.createNestApplication().init();

  await request(app.getHttpServer()).post('/reports').set('X-User', '7').expect(201);
  await request(app.getHttpServer())
    .get('/onboarding')
    .set('X-User', '7')
    .set('Accept', 'text/html')
    .expect(200);
  await recorder.flush();

  expect(recorder).toHaveTracked('report_created', { contactUid: 7 });
  expect(recorder).toHavePageview('/onboarding', { contactUid: 7 });
  await app.close();
});
