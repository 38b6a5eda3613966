// Runs before `main` and before the first vector instruction: a build that meets a processor it isn't for says
// what to do, where it would otherwise die of an illegal instruction.
// It is C because this one file must not be compiled with the vector flags.
#if defined(__x86_64__)

#include "BuildFlags.h"
#include <stdio.h>
#include <stdlib.h>

__attribute__((constructor)) static void check_processor(void) {
  __builtin_cpu_init();
  int has_fma = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const char *const *uses = build_uses;
  const char *missing = NULL;
#define CHECK(macro, name) \
  if (**uses++ == '1' && !missing && !__builtin_cpu_supports(name)) missing = name;
  INSTRUCTIONS(CHECK)
  if (missing) {
    fprintf(stderr,
            "This program was built for another processor: this one has no %s.\n"
            "Build it for this one: RESNET_VECTORS=%s swift run ...\n",
            missing, has_fma ? "avx2" : "portable");
    exit(2);
  }
#ifndef PORTABLE
  // Without the instruction each multiply-add would be a call, a hundred times slower.
  if (!has_fma) {
    fputs("The fast build needs a processor with AVX2 and FMA, and this one has not both.\n"
          "Build for any processor instead: RESNET_VECTORS=portable swift run ...\n", stderr);
    exit(2);
  }
#endif
}

#endif
