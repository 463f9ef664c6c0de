#include "binding/listen_function.h"

#include <cstdint>

#include "binding/errors.h"
#include "binding/options.h"
#include "host/listen.h"

namespace nodeplane::binding {

Napi::Value listenIn(const Napi::CallbackInfo& info) {
  return throwing(info.Env(), [&]() -> Napi::Value {
    const std::string network_namespace = readText(info[0], "namespace");
    const std::string address = readText(info[1], "address");
    const auto port = static_cast<uint16_t>(readNumber(info[2], "port", UINT16_MAX));
    return Napi::Number::New(info.Env(), host::listenIn(network_namespace, address, port).release());
  });
}

}  // namespace nodeplane::binding
