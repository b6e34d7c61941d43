// The line of a host that is a Linux process: standard input and output.
#include "line.h"

#include <stdio.h>
#include <stdlib.h>

void lineOpen(void) {}

int lineRead(void) {
	int byte = getchar_unlocked();
	return byte == EOF ? -1 : byte;
}

void lineWrite(const void* bytes, size_t length) {
	if (fwrite(bytes, 1, length, stdout) != length)
		lineExit(1);
}

void lineFlush(void) {
	if (fflush(stdout))
		lineExit(1);
}

uint64_t lineInstructions(void) {
	return 0;
}

void lineExit(int status) {
	fflush(stdout);
	_Exit(status);
}
