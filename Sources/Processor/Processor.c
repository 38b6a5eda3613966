// Runs before `main` and before the first vector instruction: a build for AVX2 and FMA that meets
// an older processor says what to do, where it would otherwise die of an illegal instruction.
// It is C because this one file must not be compiled with the vector flags.
#include "Processor.h"
#include <stdio.h>
#include <stdlib.h>

int processor_build_needs_avx2(void) {
#ifdef NEEDS_AVX2
  return 1;
#else
  return 0;
#endif
}

#ifdef NEEDS_AVX2
__attribute__((constructor)) static void check_processor(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return;
  fputs("This build needs a processor with AVX2 and FMA, and this one has not both.\n"
        "Build for any processor instead: RESNET_PORTABLE=1 swift run ...\n", stderr);
  exit(2);
}
#endif
