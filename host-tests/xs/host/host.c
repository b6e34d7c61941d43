// A machine that serves one test host: it takes one command frame at a time and answers each with one reply frame.
//
//   in   C numbers        make the machine: the eleven sizes of XS's creation record, in its order
//        E ms \n source   run a script as a program, and answer with its value as text
//        L ms \n source   the same, with its bytecode kept outside the heap, as if it were in flash
//        e, l             as E and L, with the path of a file that holds the source: a serial line is slow
//        M ms \n bytes    call host.onMessage(length)
//        T ms \n          call host.onTimer()
//        Q                leave
//   out  H, once: the line is open; what came before may be lost
//        R counters \n text, the command's value     X counters \n text, what it threw, with the stack
//        (each counter as the command began, then each as it ended)
//        S bytes, P text, A ms, D: what the script did meanwhile (send, print, arm, disarm)
//        ! text, then the end: the machine aborted
#include "xsAll.h"
#include "xsScript.h"

#include "counters.h"
#include "globals.h"
#include "line.h"

static uint64_t begun[counterCount]; // the counters when the command began
static void* pinned; // the bytecode that fxRunScript must not free

void hostFree(void* address) {
	if (address != pinned || !address)
		free(address);
}

void fxQueuePromiseJobs(txMachine* the) {
	the->promiseJobs = 1;
}

void fxAbort(txMachine* the, int status) {
	txString text;
	switch (status) {
	case XS_STACK_OVERFLOW_EXIT: text = "stack overflow"; break;
	case XS_NOT_ENOUGH_MEMORY_EXIT: text = "memory full"; break;
	case XS_NO_MORE_KEYS_EXIT: text = "not enough keys"; break;
	case XS_UNHANDLED_EXCEPTION_EXIT: text = "unhandled exception: "; break;
	case XS_UNHANDLED_REJECTION_EXIT: text = "unhandled rejection: "; break;
	default: text = "fatal error"; break;
	}
	txBoolean thrown = status == XS_UNHANDLED_EXCEPTION_EXIT || status == XS_UNHANDLED_REJECTION_EXIT;
	txString what = thrown ? fxToString(the, &mxException) : "";
	frameWrite('!', text, c_strlen(text), what, c_strlen(what));
	lineExit(1);
}

#ifndef __linux__
extern char __heap_end[];

char* fxCStackLimit(void) {
	return __heap_end + 8192;
}

uint32_t modMilliseconds(void) {
	return 0;
}
#endif

// Turns "a copy of the bytecode (or of the string) that follows" into "what follows, in place", as for code in flash.
static void keepCodeInPlace(txScript* script) {
	txByte* at = script->codeBuffer;
	txByte* end = at + script->codeSize;
	while (at < end) {
		txU1 code = *(txU1*)at;
		txInteger size = gxCodeSizes[code];
		if (code == XS_CODE_CODE_1 || code == XS_CODE_CODE_2 || code == XS_CODE_CODE_4)
			*(txU1*)at = (txU1)(code + (XS_CODE_CODE_ARCHIVE_1 - XS_CODE_CODE_1));
		else if (code == XS_CODE_STRING_1 || code == XS_CODE_STRING_2 || code == XS_CODE_STRING_4)
			*(txU1*)at = (txU1)(code + (XS_CODE_STRING_ARCHIVE_1 - XS_CODE_STRING_1));
		if (size > 0)
			at += size;
		else if (size == 0)
			at += 1 + sizeof(txID);
		else if (size == -1)
			at += 2 + ((txU1*)at)[1];
		else if (size == -2)
			at += 3 + (((txU1*)at)[1] | ((txU1*)at)[2] << 8);
		else
			at += 5 + (((txU1*)at)[1] | ((txU1*)at)[2] << 8 | ((txU1*)at)[3] << 16);
	}
}

static void runScript(txMachine* the, txString source, size_t length, txBoolean inFlash) {
	txSlot* realm = mxProgram.value.reference->next->value.module.realm;
	txStringCStream stream = { .buffer = source, .offset = 0, .size = (txSize)length };
	txScript* script = fxParseScript(the, &stream, fxStringCGetter, mxProgramFlag);
	if (script)
		countersCompiled((uint32_t)script->codeSize);
	if (script && inFlash) {
		keepCodeInPlace(script);
		pinned = script->codeBuffer;
	}
	fxRunScript(the, script, mxRealmGlobal(realm), C_NULL, mxRealmClosures(realm)->value.reference, C_NULL,
		mxProgram.value.reference);
	mxPullSlot(mxResult);
}

static void callHost(txMachine* the, txString name, txInteger argument) {
	mxOverflow(-8);
	mxPush(mxGlobal);
	fxGetID(the, fxID(the, "host"));
	fxCallID(the, fxID(the, name));
	mxPushInteger(argument);
	fxRunCount(the, 1);
	mxPullSlot(mxResult);
}

static void runJobs(txMachine* the) {
	while (the->promiseJobs) {
		the->promiseJobs = 0;
		fxRunPromiseJobs(the);
	}
	fxEndJob(the);
	fxCheckUnhandledRejections(the, 1);
}

// Puts an error's `stack`, which begins with its text, in place of the error.
static void takeStack(txMachine* the) {
	txSlot* exception = &mxException;
	if (exception->kind != XS_REFERENCE_KIND)
		return;
	mxTry(the) {
		mxOverflow(-2);
		mxPushSlot(exception);
		mxGetID(mxID(_stack));
		if (the->stack->kind == XS_STRING_KIND || the->stack->kind == XS_STRING_X_KIND)
			mxException = *the->stack;
		mxPop();
	}
	mxCatch(the) {
	}
}

static size_t appendNumber(char* to, uint64_t number) {
	char digits[20];
	size_t at = sizeof(digits);
	do
		digits[--at] = (char)('0' + number % 10);
	while (number /= 10);
	memcpy(to, digits + at, sizeof(digits) - at);
	return sizeof(digits) - at;
}

static void reply(txMachine* the, char kind, txString text) {
	uint64_t counters[2 * counterCount];
	char head[2 * counterCount * 21];
	size_t length = 0;
	memcpy(counters, begun, sizeof(begun));
	countersRead(the, counters + counterCount);
	for (int index = 0; index < 2 * counterCount; index++) {
		length += appendNumber(head + length, counters[index]);
		head[length++] = index == 2 * counterCount - 1 ? '\n' : ' ';
	}
	frameWrite(kind, head, length, text, c_strlen(text));
}

static txString readFile(txString path, size_t* length) {
	static txString source;
	FILE* file = fopen(path, "rb");
	if (!file)
		return C_NULL;
	fseek(file, 0, SEEK_END);
	*length = (size_t)ftell(file);
	rewind(file);
	free(source);
	source = malloc(*length + 1);
	if (source)
		*length = fread(source, 1, *length, file);
	fclose(file);
	return source;
}

static void command(txMachine* machine, txString frame, size_t frameLength) {
	txString payload = frame + 1;
	globalsTime(strtod(payload, &payload));
	payload++;
	size_t length = frameLength - (size_t)(payload - frame);
	if (*frame == 'e' || *frame == 'l') {
		payload = readFile(payload, &length);
		if (!payload)
			lineExit(4);
	}
	countersRead(machine, begun);
	txMachine* the = fxBeginHost(machine);
	mxTry(the) {
		switch (*frame) {
		case 'E':
		case 'e': runScript(the, payload, length, 0); break;
		case 'L':
		case 'l': runScript(the, payload, length, 1); break;
		case 'M':
			globalsMessage(payload, length);
			callHost(the, "onMessage", (txInteger)length);
			break;
		case 'T': callHost(the, "onTimer", 0); break;
		default: lineExit(2);
		}
		runJobs(the);
		reply(the, 'R', fxToString(the, mxResult));
	}
	mxCatch(the) {
		takeStack(the);
		reply(the, 'X', fxToString(the, &mxException));
	}
	pinned = C_NULL;
	fxEndHost(the);
}

static txMachine* create(txString numbers) {
	txSize sizes[11];
	for (int index = 0; index < 11; index++)
		sizes[index] = (txSize)strtol(numbers, &numbers, 10);
	txCreation creation = { sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5], sizes[6], sizes[7], sizes[8],
		sizes[9], sizes[10], 0 };
	fxInitializeSharedCluster();
	return fxCreateMachine(&creation, "xswim", C_NULL, XS_NO_ID);
}

int main(void) {
	size_t length;
	txMachine* machine = C_NULL;
	lineOpen();
	frameWrite('H', NULL, 0, NULL, 0);
	for (;;) {
		char* frame = frameRead(&length);
		if (*frame == 'Q')
			lineExit(0);
		if (*frame == 'C' && !machine) {
			machine = create(frame + 1);
			if (!machine) {
				frameWrite('!', NULL, 0, "memory full", 11);
				lineExit(1);
			}
			globalsInstall(machine);
			reply(machine, 'R', "");
		}
		else if (machine)
			command(machine, frame, length);
		else
			lineExit(2);
	}
}
