import { Controller, Get, Header, HttpCode, NotFoundException, Param, Post, Req } from '@nestjs/common';
import { pages } from '@successeve/example-site';
import { TrackEvent } from '@successeve/nestjs';
import type { SignedInRequest } from './sign-in.js';

type Report = (typeof pages.reports)[number];

@Controller('reports/:id')
export class ReportsController {
  @Get()
  report(@Param('id') id: string, @Req() { user }: Required<SignedInRequest>): string {
    return pages.report(user, findReport(id));
  }

  @Post('export')
  @HttpCode(200)
  @Header('content-type', 'text/csv')
  @Header('content-disposition', 'attachment; filename="report.csv"')
  @TrackEvent('report_exported', (_csv: string, { params }: SignedInRequest) => ({
    displayName: 'Report exported',
    params: { report: findReport(String(params.id)).title },
  }))
  export(@Param('id') id: string): string {
    return pages.csv(findReport(id));
  }
}

function findReport(id: string): Report {
  const report = pages.reports.find((report) => report.id === id);
  if (!report) throw new NotFoundException();
  return report;
}
