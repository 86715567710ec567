import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { TrackingError } from '@successeve/core';
import type { RequestTrack } from '@successeve/core/adapter';
import { requestOf, whyUntracked } from './tracked-request.js';

/**
 * Hands a handler the helper of its request, on either platform: `register(@Track() track: RequestTrack)`. In a
 * handler that belongs to no HTTP request, it throws what to do instead.
 */
export const Track: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext): RequestTrack => {
    const track = requestOf(context)?.track;
    if (!track) throw new TrackingError('invalid_options', whyUntracked('@Track()', context));
    return track;
  },
);
