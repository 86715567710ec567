export const dynamic = 'force-dynamic';

export default function Reports() {
  return (
    <main>
      {Array.from({ length: 40 }, (_, week) => (
        <p key={week}>A report of the week.</p>
      ))}
    </main>
  );
}
