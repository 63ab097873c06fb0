import { createTransformer as createSwcTransformer } from '@swc/jest';

import { countedSource } from './instrument.mjs';

/** That of swc, with counters of our own where coverage is asked for. */
export default {
  createTransformer(swcOptions) {
    const swc = createSwcTransformer(swcOptions);
    return {
      canInstrument: true,
      process: (source, filename, options) =>
        options.instrument ? countedSource(filename, source) : swc.process(source, filename, options),
      getCacheKey: (source, filename, options) =>
        `${swc.getCacheKey(source, filename, options)}${options.instrument ? '-counted' : ''}`,
    };
  },
};
