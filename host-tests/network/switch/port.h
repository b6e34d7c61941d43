// The ports: each is a TAP device called eth0 in a network namespace.
#ifndef XSWIM_SWITCH_PORT_H
#define XSWIM_SWITCH_PORT_H

#include "frame.h"

#define MAX_PORTS 128

// Makes the device in the namespace that `ip netns add` called `name`, and returns its descriptor. What fails is told
// on the standard error, and ends the program.
int portOpen(const char* name);
// The next frame. Returns 0 when there is none.
int portRead(int descriptor, Frame* frame);
// Returns 0 when the device does not take it, as when it is down.
int portWrite(int descriptor, const Frame* frame);

#endif
