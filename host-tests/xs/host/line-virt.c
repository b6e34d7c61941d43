// The line of a host that runs on QEMU's "virt" RISC-V board: a 16550 serial port, polled. With nothing to read, the
// processor sleeps until the port's interrupt line rises; interrupts stay masked, so no handler ever runs and the
// instruction counter sees only our own code.
#include "line.h"

#include <stdlib.h>
#include <string.h>

#define UART ((volatile uint8_t*)0x10000000)
enum { uartData = 0, uartInterruptEnable = 1, uartFifoControl = 2, uartLineStatus = 5 };
enum { uartDataReady = 0x01, uartTransmitterEmpty = 0x20 };

// The platform interrupt controller; the serial port is its source 10, and hart 0 in machine mode its context 0.
#define PLIC(OFFSET) (*(volatile uint32_t*)(0x0c000000 + (OFFSET)))
enum { plicUart = 10, plicPriority = 0x0, plicEnable = 0x2000, plicThreshold = 0x200000, plicClaim = 0x200004 };

enum { machineExternalInterrupt = 1 << 11 };

static void trap(void) __attribute__((interrupt("machine"), aligned(4)));

static void trap(void) {
	uint32_t cause, at;
	__asm__ volatile("csrr %0, mcause" : "=r"(cause));
	__asm__ volatile("csrr %0, mepc" : "=r"(at));
	char text[] = "processor trap, cause 00000000 at 00000000";
	for (int digit = 0; digit < 8; digit++) {
		text[29 - digit] = "0123456789abcdef"[(cause >> (4 * digit)) & 15];
		text[41 - digit] = "0123456789abcdef"[(at >> (4 * digit)) & 15];
	}
	frameWrite('!', NULL, 0, text, strlen(text));
	lineExit(1);
}

void lineOpen(void) {
	__asm__ volatile("csrw mtvec, %0" ::"r"(trap));
	UART[uartFifoControl] = 1;
	UART[uartInterruptEnable] = 1;
	PLIC(plicPriority + 4 * plicUart) = 1;
	PLIC(plicEnable) = 1 << plicUart;
	PLIC(plicThreshold) = 0;
	__asm__ volatile("csrs mie, %0" ::"r"(machineExternalInterrupt));
}

int lineRead(void) {
	while (!(UART[uartLineStatus] & uartDataReady)) {
		__asm__ volatile("wfi");
		uint32_t source = PLIC(plicClaim);
		if (source)
			PLIC(plicClaim) = source;
	}
	return UART[uartData];
}

void lineWrite(const void* bytes, size_t length) {
	const uint8_t* from = bytes;
	while (length--) {
		while (!(UART[uartLineStatus] & uartTransmitterEmpty)) {
		}
		UART[uartData] = *from++;
	}
}

void lineFlush(void) {}

uint64_t lineInstructions(void) {
	uint32_t high, low, again;
	do {
		__asm__ volatile("csrr %0, minstreth" : "=r"(high));
		__asm__ volatile("csrr %0, minstret" : "=r"(low));
		__asm__ volatile("csrr %0, minstreth" : "=r"(again));
	} while (high != again);
	return (uint64_t)high << 32 | low;
}

void lineExit(int status) {
	_Exit(status);
}
