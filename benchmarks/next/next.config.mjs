import { withSuccessEve } from '@successeve/next/config';

export default withSuccessEve({});
