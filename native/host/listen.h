#pragma once

#include <cstdint>
#include <string>

#include "netlink/file_descriptor.h"

namespace nodeplane::host {

/**
 * A TCP socket that listens in a network namespace, which the calling thread need not be in. It does not
 * block, and on :: takes IPv6 connections only. Throws KernelError, or std::out_of_range if `address` is
 * none.
 */
FileDescriptor listenIn(const std::string& network_namespace, const std::string& address, uint16_t port);

}  // namespace nodeplane::host
