import type { ReactNode } from 'react';

const rules = { prefetch: [{ urls: ['/static/c'], eagerness: 'immediate' }] };

export default function Speculation(): ReactNode {
  return (
    <>
      <h1>speculation</h1>
      <script type="speculationrules" dangerouslySetInnerHTML={{ __html: JSON.stringify(rules) }} />
      <a href="/static/c">hard c</a>
    </>
  );
}
