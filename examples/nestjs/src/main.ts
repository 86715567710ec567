import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';

const app = await NestFactory.create<NestExpressApplication>(AppModule, {
  logger: ['error', 'warn'],
  // Browsers hold connections open on which they have not asked for anything yet.
  forceCloseConnections: true,
});
// A signal closes the application, and with it the tracker: what was tracked is delivered first.
app.enableShutdownHooks([], { useProcessExit: true });

const port = Number(process.env.PORT ?? 3000);
try {
  const address = (await app.listen(port, 'localhost')).address();
  console.log(`Ready at http://localhost:${typeof address === 'object' ? address?.port : port}`);
} catch (error) {
  console.error(
    `Port ${port} cannot be used (${(error as Error).message}). Set PORT to another one; 0 takes any free one.`,
  );
  process.exitCode = 1;
}
