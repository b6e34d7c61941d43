// Frames that wait for their time, the earliest first; those of the same time in the order in which they came.
#ifndef XSWIM_SWITCH_HELD_H
#define XSWIM_SWITCH_HELD_H

#include "frame.h"

// How many may wait at once.
#define MAX_HELD 16384

// Keeps a copy. Returns 0 when there is no room.
int heldPut(double dueMs, int port, const Frame* frame);
// When the first one is due; a negative number when there is none.
double heldDueMs(void);
// Takes the first one out.
int heldTake(Frame* frame);

#endif
