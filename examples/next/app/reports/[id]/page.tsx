import { pages } from '@successeve/example-site';
import { track } from '@successeve/next';
import { notFound, redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { currentUser } from '../../current-user';

export default async function Report({ params }: { params: Promise<{ id: string }> }): Promise<ReactNode> {
  if (!(await currentUser())) redirect('/login');
  const { id } = await params;
  const report = pages.reports.find((each) => each.id === id);
  if (!report) notFound();
  const { title, rows } = report;

  async function exportReport(): Promise<void> {
    'use server';
    track().event('report_exported', { displayName: 'Report exported', params: { report: title } });
  }

  return (
    <main>
      <h1>{title}</h1>
      <table>
        <tbody>
          {rows.map(([month, value]) => (
            <tr key={month}>
              <th scope="row">{month}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <form action={exportReport}>
        <button type="submit">Export</button>
      </form>
    </main>
  );
}
