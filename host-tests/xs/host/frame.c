// Netstring frames on the line.
#include "line.h"

#include <stdlib.h>
#include <string.h>

enum { maxFrameLength = 16 * 1024 * 1024 };

char* frameRead(size_t* length) {
	static char* buffer;
	static size_t capacity;
	size_t count = 0;
	int byte;
	while ((byte = lineRead()) != ':') {
		if (byte < '0' || byte > '9' || count > maxFrameLength)
			lineExit(byte < 0 ? 0 : 2);
		count = count * 10 + (size_t)(byte - '0');
	}
	if (count + 1 > capacity) {
		free(buffer);
		capacity = count + 1;
		buffer = malloc(capacity);
		if (!buffer)
			lineExit(3);
	}
	for (size_t at = 0; at < count; at++)
		buffer[at] = (char)lineRead();
	if (lineRead() != ',')
		lineExit(2);
	buffer[count] = 0;
	*length = count;
	return buffer;
}

void frameWrite(char kind, const void* head, size_t headLength, const void* body, size_t bodyLength) {
	char digits[16];
	size_t at = sizeof(digits);
	size_t length = 1 + headLength + bodyLength;
	digits[--at] = ':';
	do
		digits[--at] = (char)('0' + length % 10);
	while (length /= 10);
	lineWrite(digits + at, sizeof(digits) - at);
	lineWrite(&kind, 1);
	if (headLength)
		lineWrite(head, headLength);
	if (bodyLength)
		lineWrite(body, bodyLength);
	lineWrite(",", 1);
	lineFlush();
}
