// The line to the test host: a stream of bytes each way, framed as netstrings, `<length>:<kind><payload>,`.
// line-posix.c carries it on standard input and output, line-virt.c on the serial port of QEMU's "virt" board.
#ifndef XSWIM_HOST_LINE_H
#define XSWIM_HOST_LINE_H

#include <stddef.h>
#include <stdint.h>

void lineOpen(void);
// The next byte, waiting for it; -1 when the other side has gone.
int lineRead(void);
void lineWrite(const void* bytes, size_t length);
void lineFlush(void);
// Instructions retired since reset; 0 where the processor has no counter that repeats from run to run.
uint64_t lineInstructions(void);
void lineExit(int status) __attribute__((noreturn));

// frame.c: one frame in, into a buffer that the callee owns until the next call, and one frame out of two parts.
char* frameRead(size_t* length);
void frameWrite(char kind, const void* head, size_t headLength, const void* body, size_t bodyLength);

#endif
