/** Runs an expression when the page has answered. Not by a timer: tests replace those of the page. */
export const inNextTurn = (expression: string): string => `void (() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => { port1.close(); ${expression} };
  port2.postMessage(undefined);
})()`;
