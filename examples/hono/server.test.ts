import { testExample } from '@successeve/example-site/visit';

testExample(import.meta.dirname);
