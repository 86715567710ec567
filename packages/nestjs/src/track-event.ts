import {
  type CallHandler,
  type ExecutionContext,
  Logger,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import type { DetailsOf, EventUid, OptionalArgument, RequestEventDetails } from '@successeve/core';
import { followedRequest } from '@successeve/core/adapter';
import { type Observable, tap } from 'rxjs';
import { requestOf, whyUntracked } from './tracked-request.js';

/** The details of an event, or a function of the handler's result and the platform's request that returns them. */
// biome-ignore lint/suspicious/noExplicitAny: only the handler knows what it returns, and the application its platform.
export type EventDetailsOf<Result = any, Request = any, Details = RequestEventDetails> =
  | Details
  | ((result: Result, request: Request) => Details);

type TypedDetails<Name extends EventUid> = DetailsOf<RequestEventDetails, Name>;

/**
 * Records an event once the handler has succeeded: it returned, its promise was fulfilled, or its Observable completed.
 * The handler's result stays as it is, also where the event is dropped.
 *
 * @param eventUid - the event's name in snake_case, one of the catalogue's where one is registered
 */
export function TrackEvent<Name extends EventUid>(
  eventUid: Name,
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  ...[details]: OptionalArgument<TypedDetails<Name>, EventDetailsOf<any, any, TypedDetails<Name>>>
): MethodDecorator {
  return UseInterceptors(new TrackEventInterceptor(eventUid, details));
}

const logger = new Logger('TrackingModule');

class TrackEventInterceptor implements NestInterceptor {
  readonly #eventUid: string;
  readonly #details: EventDetailsOf | undefined;
  #hasWarned = false;

  constructor(eventUid: string, details: EventDetailsOf | undefined) {
    this.#eventUid = eventUid;
    this.#details = details;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    let result: unknown;
    return next.handle().pipe(
      tap({
        next: (value) => {
          result = value;
        },
        complete: () => this.#record(context, result),
      }),
    );
  }

  #record(context: ExecutionContext, result: unknown): void {
    const request = requestOf(context);
    const track = request?.track;
    if (!track) return this.#warnOnce(whyUntracked(this.#name, context));
    const details = this.#details;
    if (typeof details !== 'function') return track.event(this.#eventUid, details);
    let made: { readonly details: RequestEventDetails } | undefined;
    followedRequest(request.raw ?? request)?.call(this.#name, () => {
      made = { details: details(result, request) };
      // A rejection is reported.
      return made.details;
    });
    if (made) track.event(this.#eventUid, made.details);
  }

  #warnOnce(message: string): void {
    if (!this.#hasWarned) logger.warn(message);
    this.#hasWarned = true;
  }

  get #name(): string {
    return `@TrackEvent('${this.#eventUid}')`;
  }
}
