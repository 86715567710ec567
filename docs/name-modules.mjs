import { Converter } from 'typedoc';

/** Calls each module what customers import: `@successeve/core/adapter` rather than `core/src/adapter`. @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) {
      module.name = `@successeve/${module.name.replace('/src', '').replace('/index', '')}`;
    }
  });
}
