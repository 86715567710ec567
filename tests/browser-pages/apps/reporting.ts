import { event, page, startReporting } from '@successeve/browser';

Object.assign(window, { event, page, startReporting });
