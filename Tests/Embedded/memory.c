// What Swift asks of a system, where there is none.
#include <stddef.h>
#include <stdint.h>

extern unsigned char __heap_base;
static uintptr_t next;

// Memory is never given back: the library keeps its large buffers to use them again.
int posix_memalign(void **result, size_t alignment, size_t size) {
  if (!next) next = (uintptr_t)&__heap_base;
  uintptr_t start = (next + alignment - 1) / alignment * alignment;
  next = start + size;
  size_t held = __builtin_wasm_memory_size(0) * 65536;
  if (next > held && __builtin_wasm_memory_grow(0, (next - held + 65535) / 65536) == (size_t)-1)
    return 12;
  *result = (void *)start;
  return 0;
}

void free(void *memory) { (void)memory; }

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
