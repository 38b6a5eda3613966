// What Swift 6.1 on macOS 14 has no words for: atomic counters, the spin-wait hint, and a check of
// the processor that runs before `main`.
#ifndef PROCESSOR_H
#define PROCESSOR_H

#include <stdint.h>

/// Reads `*value` (sequentially consistent).
static inline uint64_t atomic_read(const uint64_t *value) {
  return __atomic_load_n(value, __ATOMIC_SEQ_CST);
}

/// Writes `*value` (sequentially consistent).
static inline void atomic_write(uint64_t *value, uint64_t new_value) {
  __atomic_store_n(value, new_value, __ATOMIC_SEQ_CST);
}

/// Adds to `*value`, which wraps around, and returns what it was before.
static inline uint64_t atomic_add(uint64_t *value, uint64_t amount) {
  return __atomic_fetch_add(value, amount, __ATOMIC_SEQ_CST);
}

/// Replaces `*value` by `new_value` if it still is `expected`; returns whether it did.
static inline int atomic_replace(uint64_t *value, uint64_t expected, uint64_t new_value) {
  return __atomic_compare_exchange_n(value, &expected, new_value, 0, __ATOMIC_SEQ_CST,
                                     __ATOMIC_SEQ_CST);
}

/// Tells the core that it is spinning, so that it saves power and leaves room for its neighbour.
static inline void spin_hint(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

#endif
