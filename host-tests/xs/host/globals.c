// The object `host` that a script inside the machine sees. Its functions, `aes` apart, allocate nothing in the machine's
// heap, so that what is measured between two samples is the script's own doing.
#include "globals.h"

#include <stdlib.h>
#include <string.h>

#include "aes.h"
#include "counters.h"
#include "line.h"
#include "xs.h"
#include "xsmc.h"

static double nowMs;
static const char* message;
static size_t messageLength;
static char* outgoing;
static size_t outgoingLength;
static size_t outgoingCapacity;

void globalsTime(double ms) {
	nowMs = ms;
}

void globalsMessage(const void* bytes, size_t length) {
	message = bytes;
	messageLength = length;
}

static void hostNow(xsMachine* the) {
	xsmcSetNumber(xsResult, nowMs);
}

static void hostPrint(xsMachine* the) {
	const char* text = xsmcToString(xsArg(0));
	frameWrite('P', NULL, 0, text, strlen(text));
}

static void writeNumber(char kind, int value) {
	char digits[12];
	size_t at = sizeof(digits);
	unsigned rest = (unsigned)value;
	do
		digits[--at] = (char)('0' + rest % 10);
	while (rest /= 10);
	frameWrite(kind, NULL, 0, digits + at, sizeof(digits) - at);
}

static void hostArm(xsMachine* the) {
	int ms = xsmcToInteger(xsArg(0));
	writeNumber('A', ms < 0 ? 0 : ms);
}

static void hostDisarm(xsMachine* the) {
	(void)the;
	frameWrite('D', NULL, 0, NULL, 0);
}

static int argumentInteger(xsMachine* the, int index, int otherwise) {
	return xsmcArgc > index && xsmcTypeOf(xsArg(index)) != xsUndefinedType ? xsmcToInteger(xsArg(index)) : otherwise;
}

static void append(xsMachine* the) {
	void* data;
	xsUnsignedValue size;
	xsmcGetBufferReadable(xsArg(0), &data, &size);
	int offset = argumentInteger(the, 1, 0);
	int length = argumentInteger(the, 2, (int)size - offset);
	if (offset < 0 || length < 0 || (unsigned)offset + (unsigned)length > size)
		xsRangeError("host: offset or length out of range");
	if (outgoingLength + (size_t)length > outgoingCapacity) {
		outgoingCapacity = outgoingLength + (size_t)length + 2048;
		outgoing = realloc(outgoing, outgoingCapacity);
		if (!outgoing)
			lineExit(3);
	}
	memcpy(outgoing + outgoingLength, (char*)data + offset, (size_t)length);
	outgoingLength += (size_t)length;
}

static void hostAppend(xsMachine* the) {
	append(the);
}

static void hostSend(xsMachine* the) {
	append(the);
	frameWrite('S', NULL, 0, outgoing, outgoingLength);
	outgoingLength = 0;
}

static void hostReceive(xsMachine* the) {
	void* data;
	xsUnsignedValue size;
	xsmcGetBufferWritable(xsArg(0), &data, &size);
	size_t length = messageLength < size ? messageLength : size;
	memcpy(data, message, length);
	xsmcSetInteger(xsResult, (int)messageLength);
}

static void hostSample(xsMachine* the) {
	void* data;
	xsUnsignedValue size;
	uint64_t counters[counterCount];
	xsmcGetBufferWritable(xsArg(0), &data, &size);
	if (size < counterCount * sizeof(double))
		xsRangeError("host.sample: an ArrayBuffer for %d doubles is wanted", counterCount);
	countersRead(the, counters);
	for (int index = 0; index < counterCount; index++) {
		double value = (double)counters[index];
		memcpy((char*)data + (size_t)index * sizeof(double), &value, sizeof(double));
	}
}

static void hostGc(xsMachine* the) {
	xsCollectGarbage();
}

static void hostLimit(xsMachine* the) {
	countersLimit(the, (uint32_t)xsmcToInteger(xsArg(0)));
}

static const struct {
	const char* name;
	xsCallback callback;
	int length;
} functions[] = {
	{ "now", hostNow, 0 },
	{ "print", hostPrint, 1 },
	{ "arm", hostArm, 1 },
	{ "disarm", hostDisarm, 0 },
	{ "append", hostAppend, 3 },
	{ "send", hostSend, 3 },
	{ "receive", hostReceive, 1 },
	{ "sample", hostSample, 1 },
	{ "gc", hostGc, 0 },
	{ "limit", hostLimit, 1 },
	{ "aes", hostAes, 1 },
};

void globalsInstall(void* machine) {
	xsBeginHost((xsMachine*)machine);
	xsmcVars(2);
	xsVar(0) = xsNewObject();
	for (size_t index = 0; index < sizeof(functions) / sizeof(functions[0]); index++) {
		xsVar(1) = xsNewHostFunction(functions[index].callback, functions[index].length);
		xsmcDefine(xsVar(0), xsID(functions[index].name), xsVar(1), xsDontEnum);
	}
	xsVar(1) = xsInteger((int)countersSlotSize());
	xsmcDefine(xsVar(0), xsID("slotSize"), xsVar(1), xsDontEnum);
	xsmcSetUndefined(xsVar(1));
	xsmcSet(xsVar(0), xsID("onMessage"), xsVar(1));
	xsmcSet(xsVar(0), xsID("onTimer"), xsVar(1));
	xsmcDefine(xsGlobal, xsID("host"), xsVar(0), xsDontEnum);
	xsEndHost((xsMachine*)machine);
}
