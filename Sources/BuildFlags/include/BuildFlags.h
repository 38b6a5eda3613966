// What the compiler was allowed to use in this build.
#ifndef BUILD_FLAGS_H
#define BUILD_FLAGS_H

/// The instructions that a compiler may choose by itself for code like ours, beyond those of the first x86-64:
/// the macro that it defines when it may, and the name under which a processor is asked.
#define INSTRUCTIONS(X) \
  X(__FMA__, "fma") X(__AVX2__, "avx2") X(__AVX512F__, "avx512f") X(__AVX512VL__, "avx512vl") \
  X(__AVX512BW__, "avx512bw") X(__AVX512DQ__, "avx512dq") X(__AVX512CD__, "avx512cd") \
  X(__AVX512IFMA__, "avx512ifma") X(__AVX512VBMI__, "avx512vbmi") X(__AVX512VBMI2__, "avx512vbmi2") \
  X(__AVX512BITALG__, "avx512bitalg") X(__AVX512VNNI__, "avx512vnni") \
  X(__AVX512VPOPCNTDQ__, "avx512vpopcntdq") X(__AVX512BF16__, "avx512bf16") \
  X(__AVX512FP16__, "avx512fp16") X(__AVXVNNI__, "avxvnni") X(__GFNI__, "gfni") X(__VAES__, "vaes") \
  X(__VPCLMULQDQ__, "vpclmulqdq") X(__AVX__, "avx") X(__SSE4_2__, "sse4.2") X(__POPCNT__, "popcnt") \
  X(__BMI__, "bmi") X(__BMI2__, "bmi2") X(__LZCNT__, "lzcnt") X(__MOVBE__, "movbe") X(__F16C__, "f16c")

/// For each of them "1" if the compiler was allowed to use it, else the macro's name.
extern const char *const build_uses[];

/// Pixels, or rows of a filter gradient, that a block of a wide vector and of a narrow one has: see Vectors.swift.
#if defined(__AVX512F__)
#define WIDE_BLOCK 8
#define NARROW_BLOCK 8
#elif defined(__wasm__)
#define WIDE_BLOCK 4
#define NARROW_BLOCK 8
#else
#define WIDE_BLOCK 6
#define NARROW_BLOCK 8
#endif

/// Asks the second-level cache for the line of memory at an address, which will be read soon.
static inline void fetch_to_read(const float *address) { __builtin_prefetch(address, 0, 2); }

/// Asks the first-level cache for the line of memory at an address, which will be written soon.
static inline void fetch_to_write(const float *address) { __builtin_prefetch(address, 1, 3); }

#endif
