// What the host counts, in the order in which `host.sample` writes it and a reply carries it (see engine.ts).
#ifndef XSWIM_HOST_COUNTERS_H
#define XSWIM_HOST_COUNTERS_H

#include <stdint.h>

enum {
	slotsInUse, // in the heap now, garbage included until a collection
	chunkBytesInUse, // the same for chunks, their headers and padding included
	slotsAllocated, // since the machine was made
	chunksAllocated,
	chunkBytesAllocated,
	collections,
	bytecodeBytes, // of the scripts compiled
	computrons, // steps of the interpreter; 0 in a build without metering
	instructions, // of the processor; 0 where it has no counter that repeats from run to run
	counterCount
};

// Fills `counterCount` numbers. Allocates nothing.
void countersRead(void* machine, uint64_t* into);
void countersCompiled(uint32_t bytes);
// From now on the live heap (slots and chunks together) may hold this many bytes; 0 for no limit.
void countersLimit(void* machine, uint32_t bytes);
uint32_t countersSlotSize(void);

#endif
