// How long a library takes to import and to create, from within a process that does nothing else.
const { name } = /** @type {{ name: string }} */ (JSON.parse(process.argv[2] ?? '{}'));
const start = performance.now();
if (name === 'an empty file') await import('./empty.mjs');
else {
  const { openSubject } = await import('../subjects/index.mjs');
  await openSubject(name, 'http://127.0.0.1:9');
}
process.stdout.write(String(performance.now() - start));
process.exit();
