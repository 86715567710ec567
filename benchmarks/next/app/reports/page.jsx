export const dynamic = 'force-dynamic';

export default function Reports() {
  return (
    <main>
      {Array.from({ length: 40 }, (_, week) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they never change
        <p key={week}>A report of the week.</p>
      ))}
    </main>
  );
}
