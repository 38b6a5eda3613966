#ifndef PROCESSOR_H
#define PROCESSOR_H

/// Whether this build was made for processors with AVX2 and FMA.
int processor_build_needs_avx2(void);

#endif
