// This file is compiled with the same flags as the kernels, and holds data only: it can be read on a processor
// that the kernels aren't for.
#include "BuildFlags.h"

#define TEXT(macro) #macro
#define USE(macro, name) TEXT(macro),

const char *const build_uses[] = {INSTRUCTIONS(USE)};
