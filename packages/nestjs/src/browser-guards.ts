import type { CanActivate, Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { invalidOption, type TrackingOptions } from '@successeve/core/adapter';
import { isObservable, lastValueFrom } from 'rxjs';
import type { TrackingModuleOptions } from './options.js';

/** A guard as Nest's `UseGuards` takes it: a class, or an instance. */
export type Guard = Type<CanActivate> | CanActivate;

/** Runs guards for a request, as if they stood before a handler of a controller. Never rejects. */
export type RunGuards = (request: unknown, response: unknown) => Promise<boolean>;

/** What guards see as the class and the handler of the route. */
class BrowserReports {
  take(): void {}
}

/**
 * Takes out of the module's options what the kit does not know.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export function takeGuards(options: TrackingModuleOptions): {
  readonly tracking: TrackingOptions<unknown>;
  readonly guards: readonly Guard[];
} {
  // A module without options reaches this too; they are checked where requests are followed.
  const { browser } = options ?? {};
  if (typeof browser !== 'object' || browser === null)
    return { tracking: { ...options, browser }, guards: [] };
  const { guards = [], ...others } = browser;
  if (!Array.isArray(guards) || !guards.every(isGuard)) {
    throw invalidOption('browser.guards', 'an array of guards', guards);
  }
  return { tracking: { ...options, browser: others }, guards };
}

function isGuard(guard: unknown): boolean {
  const methods = typeof guard === 'function' ? guard.prototype : guard;
  return typeof methods?.canActivate === 'function';
}

/** @throws what Nest throws where a guard needs a provider that cannot be found. */
export async function openGuards(guards: readonly Guard[], moduleRef: ModuleRef): Promise<RunGuards> {
  const opened = await Promise.all(guards.map((guard) => openGuard(guard, moduleRef)));
  const { take } = BrowserReports.prototype;
  return async (request, response) => {
    try {
      for (const guard of opened) {
        const context = new ExecutionContextHost([request, response, () => {}], BrowserReports, take);
        const answer = guard.canActivate(context);
        if (!(await (isObservable(answer) ? lastValueFrom(answer) : answer))) return false;
      }
      return true;
    } catch {
      // As guards reject with a status of their own.
      return false;
    }
  };
}

/** The instance that stands in the application already, or one for this route alone. */
async function openGuard(guard: Guard, moduleRef: ModuleRef): Promise<CanActivate> {
  if (typeof guard !== 'function') return guard;
  try {
    return moduleRef.get(guard, { strict: false });
  } catch {
    return moduleRef.create(guard);
  }
}
