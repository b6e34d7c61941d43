#include "held.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	double dueMs;
	uint64_t order;
	int port;
	Frame* frame;
} Held;

// A binary heap: the parent of entry i is entry (i - 1) / 2.
static Held heap[MAX_HELD];
static size_t count;
static uint64_t arrivals;

static int isBefore(size_t a, size_t b) {
	if (heap[a].dueMs != heap[b].dueMs)
		return heap[a].dueMs < heap[b].dueMs;
	return heap[a].order < heap[b].order;
}

static void swap(size_t a, size_t b) {
	Held kept = heap[a];
	heap[a] = heap[b];
	heap[b] = kept;
}

int heldPut(double dueMs, int port, const Frame* frame) {
	if (count == MAX_HELD)
		return 0;
	Frame* copy = malloc(sizeof *copy);
	if (copy == NULL)
		return 0;
	copy->length = frame->length;
	memcpy(copy->bytes, frame->bytes, frame->length);
	size_t at = count++;
	heap[at] = (Held){dueMs, arrivals++, port, copy};
	for (; at > 0 && isBefore(at, (at - 1) / 2); at = (at - 1) / 2)
		swap(at, (at - 1) / 2);
	return 1;
}

double heldDueMs(void) {
	return count == 0 ? -1 : heap[0].dueMs;
}

int heldTake(Frame* frame) {
	Held first = heap[0];
	heap[0] = heap[--count];
	for (size_t at = 0;;) {
		size_t child = 2 * at + 1;
		if (child + 1 < count && isBefore(child + 1, child))
			child++;
		if (child >= count || !isBefore(child, at))
			break;
		swap(at, child);
		at = child;
	}
	frame->length = first.frame->length;
	memcpy(frame->bytes, first.frame->bytes, first.frame->length);
	free(first.frame);
	return first.port;
}
