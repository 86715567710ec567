export { POST } from '@successeve/next/relay';
