import {
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import type { Observable } from 'rxjs';
import { requestOf } from './tracked-request.js';

const skip: NestInterceptor = {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    requestOf(context)?.track?.skip();
    return next.handle();
  },
};

/** Records no automatic pageview for a handler, or for all of a controller. */
export const SkipTracking: () => ClassDecorator & MethodDecorator = () => UseInterceptors(skip);
