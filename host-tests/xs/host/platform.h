// What XS asks of its platform, for the three builds of the host: x86-64 and i386 under Linux, and bare RV32IMAC.
// XS includes this file from every source (XSPLATFORM); its own defaults do most of the work.
#ifndef XSWIM_HOST_PLATFORM_H
#define XSWIM_HOST_PLATFORM_H

#undef mxLittleEndian
#define mxLittleEndian 1

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__linux__)
	#undef mxLinux
	#define mxLinux 1
	#include <pthread.h>
	#include <unistd.h>
	#define mxUseGCCAtomics 1
	#define mxUsePOSIXThreads 1
#else
	// No threads and no interrupts that change memory: an atomic operation is a plain one.
	#define mxUseDefaultCStackLimit 0
	#define C_PATH_MAX 256
#endif

#define mxMachinePlatform \
	int promiseJobs; \
	void* waiterCondition; \
	void* waiterData; \
	void* waiterLink;

#define mxUseDefaultMachinePlatform 1
#define mxUseDefaultBuildKeys 1
#define mxUseDefaultChunkAllocation 1
#define mxUseDefaultSlotAllocation 1
#define mxUseDefaultFindModule 1
#define mxUseDefaultLoadModule 1
#define mxUseDefaultParseScript 1
#define mxUseDefaultSharedChunks 1

// Property keys are 16 bits wide on a 32-bit microcontroller, which makes a slot 16 bytes.
#if INTPTR_MAX == INT64_MAX
	#define mx32bitID 1
#endif

// A loaded program's bytecode outlives the script it came with (see host.c): its release passes by here.
void hostFree(void* address);
#define c_free hostFree

#endif
