// Ethernet frames: the longest one that a port carries, and the damage that a link does to one.
#ifndef XSWIM_SWITCH_FRAME_H
#define XSWIM_SWITCH_FRAME_H

#include <stddef.h>
#include <stdint.h>

// The Ethernet header, and the 1500 bytes that a TAP device sends at most.
#define MAX_FRAME 1514

typedef struct {
	size_t length;
	uint8_t bytes[MAX_FRAME];
} Frame;

// Changes one byte of the payload of a UDP datagram, which `dice` chooses, and sets its checksum right again, so that
// it reaches the program. Returns whether it did: it leaves alone all other frames, and datagrams in fragments.
int frameCorrupt(Frame* frame, uint64_t dice);

#endif
