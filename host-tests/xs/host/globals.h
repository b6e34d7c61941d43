// The script's view of the host (globals.c), for the command loop (host.c).
#ifndef XSWIM_HOST_GLOBALS_H
#define XSWIM_HOST_GLOBALS_H

#include <stddef.h>

void globalsInstall(void* machine);
// What `host.now()` answers from here on.
void globalsTime(double ms);
// What `host.receive()` copies; the bytes stay the caller's.
void globalsMessage(const void* bytes, size_t length);

#endif
