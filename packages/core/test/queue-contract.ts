// From the source: the package @successeve/testing depends on this one, and arrows point one way.
export * from '../../testing/src/queue-contract.js';
