import {
  type ArgumentsHost,
  type CanActivate,
  Catch,
  type CustomDecorator,
  type ExceptionFilter,
  type ExecutionContext,
  Inject,
  Injectable,
  NotFoundException,
  SetMetadata,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { currentUser, pages } from '@successeve/example-site';
import type { Request, Response } from 'express';

type User = NonNullable<ReturnType<typeof currentUser>>;

/** A request behind the guard. */
export type SignedInRequest = Request & { user?: User };

const isPublicKey = 'isPublic';

/** A page for visitors too. */
export const Public = (): CustomDecorator => SetMetadata(isPublicKey, true);

/** Finds out who it is, and sends away whoever is not signed in. */
@Injectable()
export class SignInGuard implements CanActivate {
  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const user = currentUser(request);
    if (user) {
      request.user = user;
      // With every request: it is only sent when something about them has changed.
      request.track.contact({ name: user.name });
      request.track.account({ name: user.company.name });
    } else if (!this.reflector.get(isPublicKey, context.getHandler())) throw new UnauthorizedException();
    return true;
  }
}

@Catch(UnauthorizedException)
export class SignInFilter implements ExceptionFilter {
  catch(_: UnauthorizedException, host: ArgumentsHost): void {
    host.switchToHttp().getResponse<Response>().redirect(303, '/login');
  }
}

@Catch(NotFoundException)
export class NotFoundFilter implements ExceptionFilter {
  catch(_: NotFoundException, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const user = currentUser(http.getRequest());
    http.getResponse<Response>().status(404).send(pages.notFound(user));
  }
}
