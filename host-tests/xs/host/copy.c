// memcpy and memmove as a device has them: by words where both ends are aligned. picolibc's, built for size, go byte by
// byte, and XS copies its slots with them, so that each operation would seem to take an eighth more instructions.
#include "platform.h"

#if !defined(__linux__)

typedef uint32_t __attribute__((may_alias)) word;

#define BLOCK (4 * sizeof(word))

static int areAligned(const void* to, const void* from) {
	return (((uintptr_t)to | (uintptr_t)from) & (sizeof(word) - 1)) == 0;
}

// GCC must not make calls of memcpy out of these loops.
#pragma GCC optimize("no-tree-loop-distribute-patterns")

void* memcpy(void* restrict to, const void* restrict from, size_t size) {
	uint8_t* bytes = to;
	const uint8_t* source = from;
	if (areAligned(to, from)) {
		for (; size >= BLOCK; size -= BLOCK, bytes += BLOCK, source += BLOCK) {
			word* target = (word*)bytes;
			const word* words = (const word*)source;
			word a = words[0], b = words[1], c = words[2], d = words[3];
			target[0] = a, target[1] = b, target[2] = c, target[3] = d;
		}
		for (; size >= sizeof(word); size -= sizeof(word), bytes += sizeof(word), source += sizeof(word))
			*(word*)bytes = *(const word*)source;
	}
	while (size-- > 0)
		*bytes++ = *source++;
	return to;
}

void* memmove(void* to, const void* from, size_t size) {
	if ((uintptr_t)to - (uintptr_t)from >= size)
		return memcpy(to, from, size);
	uint8_t* bytes = (uint8_t*)to + size;
	const uint8_t* source = (const uint8_t*)from + size;
	while (size-- > 0)
		*--bytes = *--source;
	return to;
}

#endif
