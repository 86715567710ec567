import {
  Body,
  Controller,
  Get,
  Header,
  type HttpRedirectResponse,
  Post,
  Redirect,
  Req,
  Res,
} from '@nestjs/common';
import { pages, signIn, signOut, users } from '@successeve/example-site';
import type { Request, Response } from 'express';
import { Public, type SignedInRequest } from './sign-in.js';

@Controller()
export class PagesController {
  @Public()
  @Get()
  home(@Req() { user }: SignedInRequest): string {
    return pages.home(user);
  }

  @Public()
  @Get('logo.svg')
  @Header('content-type', 'image/svg+xml')
  @Header('cache-control', 'max-age=3600')
  logo(): string {
    return pages.logo;
  }

  @Public()
  @Get('login')
  login(): string {
    return pages.login(users);
  }

  @Public()
  @Post('login')
  @Redirect('/', 303)
  signIn(
    @Body('user') wanted: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Partial<HttpRedirectResponse> {
    const user = users.find(({ id }) => id === wanted);
    if (!user) return { url: '/login' };
    signIn(response, user);
    return {};
  }

  @Public()
  @Post('logout')
  @Redirect('/', 303)
  signOut(@Req() request: Request, @Res({ passthrough: true }) response: Response): void {
    signOut(request, response);
  }

  @Get('onboarding')
  onboarding(@Req() { user }: Required<SignedInRequest>): string {
    return pages.onboarding(user);
  }

  @Get('account')
  account(@Req() { user }: Required<SignedInRequest>): string {
    return pages.account(user);
  }
}
