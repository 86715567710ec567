import { findReport, sendAnswer } from '@successeve/core/adapter';
import type { Request, Response } from 'express';
import type { Middleware } from './middleware.js';

/**
 * Takes what browsers report, where `tracking` has the option `browser`: answers `POST /seen` with 204. Mount it after
 * your session and authentication, so that `identify` knows the visitor, and before a CSRF check.
 */
export function browserReports(): Middleware {
  return (request, response, next) => {
    const req = request as Request;
    const take = findReport(req);
    if (!take) return next();
    void take(req.body).then((answer) => sendAnswer(response as Response, answer));
  };
}
