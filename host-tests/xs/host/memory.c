// XS's memory manager with a counter at each door. The engine's own file is included here with its allocators renamed;
// the functions of the original names count and pass on, so that every allocation of the engine is seen exactly once,
// whether or not a collection happens in between.
#include "xsAll.h"

#include "counters.h"
#include "line.h"

static txSlot* fxNewSlotInner(txMachine* the);
static txSlot* fxDuplicateSlotInner(txMachine* the, txSlot* slot);
static void* fxNewChunkInner(txMachine* the, txSize size);
static void* fxNewGrowableChunkInner(txMachine* the, txSize size, txSize capacity);
static void* fxRenewChunkInner(txMachine* the, void* data, txSize size);

#define fxNewSlot fxNewSlotInner
#define fxDuplicateSlot fxDuplicateSlotInner
#define fxNewChunk fxNewChunkInner
#define fxNewGrowableChunk fxNewGrowableChunkInner
#define fxRenewChunk fxRenewChunkInner
#include "xsMemory.c"
#undef fxNewSlot
#undef fxDuplicateSlot
#undef fxNewChunk
#undef fxNewGrowableChunk
#undef fxRenewChunk

static uint64_t counted[counterCount];
static uint32_t limitBytes;

static uint32_t liveBytes(txMachine* the) {
	return (uint32_t)the->currentHeapCount * (uint32_t)sizeof(txSlot) + (uint32_t)the->currentChunksSize;
}

// A machine of fixed size: when the heap is full it collects, and when that does not help it aborts.
static void makeRoom(txMachine* the, uint32_t bytes) {
	if (!limitBytes || liveBytes(the) + bytes <= limitBytes)
		return;
	fxCollect(the, XS_COMPACT_FLAG | XS_ORGANIC_FLAG);
	counted[collections]++;
	if (liveBytes(the) + bytes > limitBytes)
		fxAbort(the, XS_NOT_ENOUGH_MEMORY_EXIT);
}

static txSize chunkCapacity(void* data) {
	txByte* start = (txByte*)data - sizeof(txChunk);
	return (txSize)(((txChunk*)start)->temporary - start);
}

static void* countChunk(txMachine* the, txSize before, void* data) {
	txSize capacity = chunkCapacity(data);
	counted[chunksAllocated]++;
	counted[chunkBytesAllocated] += (uint64_t)capacity;
	if (the->currentChunksSize != before + capacity)
		counted[collections]++;
	return data;
}

static txSlot* countSlot(txMachine* the, txSize before, txSlot* slot) {
	counted[slotsAllocated]++;
	if (the->currentHeapCount != before + 1)
		counted[collections]++;
	return slot;
}

txSlot* fxNewSlot(txMachine* the) {
	makeRoom(the, sizeof(txSlot));
	txSize before = the->currentHeapCount;
	return countSlot(the, before, fxNewSlotInner(the));
}

txSlot* fxDuplicateSlot(txMachine* the, txSlot* from) {
	makeRoom(the, sizeof(txSlot));
	txSize before = the->currentHeapCount;
	return countSlot(the, before, fxDuplicateSlotInner(the, from));
}

void* fxNewChunk(txMachine* the, txSize size) {
	makeRoom(the, (uint32_t)fxAdjustChunkSize(the, size));
	txSize before = the->currentChunksSize;
	return countChunk(the, before, fxNewChunkInner(the, size));
}

void* fxNewGrowableChunk(txMachine* the, txSize size, txSize capacity) {
	makeRoom(the, (uint32_t)fxAdjustChunkSize(the, capacity));
	txSize before = the->currentChunksSize;
	return countChunk(the, before, fxNewGrowableChunkInner(the, size, capacity));
}

void* fxRenewChunk(txMachine* the, void* data, txSize size) {
	txSize before = chunkCapacity(data);
	if (limitBytes && liveBytes(the) + (uint32_t)fxAdjustChunkSize(the, size) > limitBytes + (uint32_t)before)
		return C_NULL; // the engine then asks for a new chunk, which makes room or aborts
	void* result = fxRenewChunkInner(the, data, size);
	if (result)
		counted[chunkBytesAllocated] += (uint64_t)(chunkCapacity(result) - before);
	return result;
}

void countersRead(void* machine, uint64_t* into) {
	txMachine* the = machine;
	for (int index = 0; index < counterCount; index++)
		into[index] = counted[index];
	into[slotsInUse] = (uint64_t)the->currentHeapCount;
	into[chunkBytesInUse] = (uint64_t)the->currentChunksSize;
#ifdef mxMetering
	into[computrons] = the->meterIndex;
#endif
	into[instructions] = lineInstructions();
}

void countersCompiled(uint32_t bytes) {
	counted[bytecodeBytes] += bytes;
}

void countersLimit(void* machine, uint32_t bytes) {
	(void)machine;
	limitBytes = bytes;
}

uint32_t countersSlotSize(void) {
	return sizeof(txSlot);
}
