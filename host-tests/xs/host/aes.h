// AES-128 as a device has it in C, for scripts that seal.
#ifndef XSWIM_HOST_AES_H
#define XSWIM_HOST_AES_H

#include "xs.h"

// host.aes(key): an object whose `encrypt(block, result)` is that of the SDK's BlockCipher; all are ArrayBuffers of 16
// bytes, and block and result may be the same.
void hostAes(xsMachine* the);

#endif
