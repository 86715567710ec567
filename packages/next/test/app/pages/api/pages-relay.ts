export { default } from '@successeve/next/relay/pages';
