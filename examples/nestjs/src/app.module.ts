import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { createTracker, TrackingModule } from '@successeve/nestjs';
import { PagesController } from './pages.controller.js';
import { ReportsController } from './reports.controller.js';
import { NotFoundFilter, type SignedInRequest, SignInFilter, SignInGuard } from './sign-in.js';

@Module({
  imports: [
    TrackingModule.forRoot({
      // The token and the API's address come from SUCCESSEVE_API_TOKEN and SUCCESSEVE_API_URL.
      // `debug` writes a line for every request: whether it was a pageview and, if not, why.
      tracker: createTracker({ debug: true }),
      identify: ({ user }: SignedInRequest) => user && { contactUid: user.id, accountUid: user.company.id },
    }),
  ],
  controllers: [PagesController, ReportsController],
  providers: [
    { provide: APP_GUARD, useClass: SignInGuard },
    { provide: APP_FILTER, useClass: SignInFilter },
    { provide: APP_FILTER, useClass: NotFoundFilter },
  ],
})
export class AppModule {}
