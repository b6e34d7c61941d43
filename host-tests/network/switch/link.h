// What happens to frames on their way from one port to another, by chances that follow from a seed.
#ifndef XSWIM_SWITCH_LINK_H
#define XSWIM_SWITCH_LINK_H

#include <stdint.h>

// The faults of a link; a chance is between 0 and 1.
typedef struct {
	double cut; // 1: nothing passes
	double loss;
	double duplicate;
	double corrupt;
	double delayMs;
	double jitterMs; // up to so much more, evenly spread: later frames overtake earlier ones
	double reorder;  // the chance that a frame waits `reorderMs` longer
	double reorderMs;
} Faults;

typedef struct {
	Faults faults;
	uint64_t state; // of the generator
	uint64_t frames, lost, duplicated, corrupted, late;
} Link;

// What becomes of one frame.
typedef struct {
	int isLost, isDuplicated, isCorrupted;
	double delayMs, duplicateDelayMs;
	uint64_t dice; // for what is chosen later
} Fate;

void linkSeed(Link* link, uint64_t seed);
// The fate of the next frame. Each frame takes the same number of draws, so that the faults of one do not change the
// chances of the next.
Fate linkFate(Link* link);
// Sets `name` to `value`. Returns 0 when there is no such fault, or no such value of it.
int linkSet(Link* link, const char* name, const char* value);

#endif
