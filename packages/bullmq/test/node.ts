/** The Node that is installed on this machine, where `npm test` names it: what is published has to run on it. */
export const node: string = process.env.MACHINE_NODE ?? process.execPath;
