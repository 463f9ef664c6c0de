#pragma once

#include <napi.h>

namespace nodeplane::binding {

/** JavaScript's listenIn(namespace, address, port): returns the file descriptor of a listening socket. */
Napi::Value listenIn(const Napi::CallbackInfo& info);

}  // namespace nodeplane::binding
