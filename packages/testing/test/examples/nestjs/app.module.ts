import { Controller, Get, Header, Module, Post } from '@nestjs/common';
import { createTracker, TrackEvent, TrackingModule } from '@successeve/nestjs';

@Controller()
class PagesController {
  @Get('onboarding')
  @Header('Content-Type', 'text/html')
  onboarding(): string {
    return '<h1>Welcome</h1>';
  }

  @Post('reports')
  @TrackEvent('report_created')
  createReport(): void {}
}

@Module({
  imports: [
    TrackingModule.forRoot({
      tracker: createTracker({ enabled: process.env.NODE_ENV !== 'test' }),
      identify: ({ headers }) => ({ contactUid: headers['x-user'] }),
    }),
  ],
  controllers: [PagesController],
})
export class AppModule {}
