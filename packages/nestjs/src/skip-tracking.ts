import { type CanActivate, type ExecutionContext, UseGuards } from '@nestjs/common';
import { requestOf } from './tracked-request.js';

/** A guard, since all guards come before any interceptor: one that caches answers in place of those behind it. */
const skip: CanActivate = {
  canActivate(context: ExecutionContext): boolean {
    requestOf(context)?.track?.skip();
    return true;
  },
};

/** Records no automatic pageview for a handler, or for all of a controller. */
export const SkipTracking: () => ClassDecorator & MethodDecorator = () => UseGuards(skip);
