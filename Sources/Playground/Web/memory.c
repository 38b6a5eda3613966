// What Swift asks of a system, where there is none.
#include <stddef.h>
#include <stdint.h>

extern unsigned char __heap_base;
static uintptr_t next;

// Memory in pieces of a power of two, or of three quarters of one. In front of each stands the size of its kind,
// and those that were given back wait in a list for the next of their kind. The library keeps its large buffers.
#define HEAD 16
static void *waiting[64];

static int kind_of(size_t size) {
  int exponent = 63 - __builtin_clzll((uint64_t)(size - 1) | 15) + 1;
  return 2 * exponent - (size <= (size_t)3 << (exponent - 2));
}

static size_t size_of(int kind) {
  int exponent = (kind + 1) / 2;
  return kind % 2 ? (size_t)3 << (exponent - 2) : (size_t)1 << exponent;
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  // Whatever is aligned more than the heads are lies within a larger piece.
  size_t extra = alignment > HEAD ? alignment : 0;
  int kind = kind_of(size + extra + HEAD);
  unsigned char *piece = waiting[kind];
  if (piece) {
    waiting[kind] = *(void **)piece;
  } else {
    if (!next) next = ((uintptr_t)&__heap_base + HEAD - 1) / HEAD * HEAD;
    piece = (unsigned char *)next;
    next += size_of(kind);
    size_t held = __builtin_wasm_memory_size(0) * 65536;
    if (next > held && __builtin_wasm_memory_grow(0, (next - held + 65535) / 65536) == (size_t)-1)
      return 12;
  }
  uintptr_t start = (uintptr_t)piece + HEAD;
  if (extra) start = (start + alignment - 1) / alignment * alignment;
  ((uint32_t *)start)[-1] = (uint32_t)kind;
  ((uint32_t *)start)[-2] = (uint32_t)(start - (uintptr_t)piece);
  *result = (void *)start;
  return 0;
}

void free(void *memory) {
  if (!memory) return;
  uint32_t *start = memory;
  int kind = (int)start[-1];
  void **piece = (void **)((unsigned char *)memory - start[-2]);
  *piece = waiting[kind];
  waiting[kind] = piece;
}

int memcmp(const void *left, const void *right, size_t count) {
  const unsigned char *a = left, *b = right;
  for (size_t i = 0; i < count; i++)
    if (a[i] != b[i]) return a[i] - b[i];
  return 0;
}

// Seeds the hashes of Swift's dictionaries, which no result depends on.
void arc4random_buf(void *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) ((unsigned char *)bytes)[i] = (unsigned char)(37 * i + 11);
}

// The product of two numbers of 128 bits.
__int128 __multi3(__int128 a, __int128 b) {
  uint64_t x = (uint64_t)a, y = (uint64_t)b;
  uint64_t low = (x & 0xFFFFFFFF) * (y & 0xFFFFFFFF);
  uint64_t one = (x >> 32) * (y & 0xFFFFFFFF) + (low >> 32);
  uint64_t other = (x & 0xFFFFFFFF) * (y >> 32) + (one & 0xFFFFFFFF);
  uint64_t high = (x >> 32) * (y >> 32) + (one >> 32) + (other >> 32);
  high += x * (uint64_t)((unsigned __int128)b >> 64) + (uint64_t)((unsigned __int128)a >> 64) * y;
  return (__int128)((unsigned __int128)high << 64 | other << 32 | (low & 0xFFFFFFFF));
}

int putchar(int character) { return character; }
uintptr_t __stack_chk_guard = 0x5AFE;
void __stack_chk_fail(void) { __builtin_trap(); }
