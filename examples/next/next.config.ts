import { withSuccessEve } from '@successeve/next/config';

export default withSuccessEve({
  // Checked by `tsc`, with the rest of this repository.
  typescript: { ignoreBuildErrors: true },
});
